"""How the documentation is built: Sphinx over Markdown, warnings as errors."""

from __future__ import annotations

import jonbar

project = "Jonbar"
author = "The Jonbar authors"
release = version = jonbar.__version__
extensions = ["myst_parser"]
myst_heading_anchors = 4
html_theme = "furo"
html_title = "Jonbar"
html_static_path = ["look"]
html_css_files = ["wide.css"]
html_copy_source = False
html_show_sourcelink = False
exclude_patterns = ["_build"]
nitpicky = True
