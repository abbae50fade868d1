"""A dossier as a page to send: first what it says, as blocks of words and bound numbers, then HTML or Markdown."""
