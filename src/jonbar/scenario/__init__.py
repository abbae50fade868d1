"""A scenario file, from its text to frozen values that mean it: read, checked and written, never computed.

`read.read_scenario` is the way in: text -> `document` (nodes with their places) -> `read` and `read_variables` (terms)
-> `check` (names, order, who could know what). `dump` is the way back. Nothing here needs NumPy.
"""
