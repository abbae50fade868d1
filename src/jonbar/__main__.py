"""`python -m jonbar`."""

from jonbar.cli import main

if __name__ == "__main__":
    main()
