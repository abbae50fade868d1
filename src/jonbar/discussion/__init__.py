"""A what-if debate, from a saved thread to posts, quotes and proposed claims; nothing here needs NumPy.

`recognise.read_thread` is the way in: bytes -> `Thread`, whatever the form. `claims.propose` finds what each post
asserts, with its hedge and its condition; `linking.Linker` ranks the variables it may be about; `ledger` keeps what a
person has said of all this. Every claim is proposed, never decided: opinions set no number.
"""
