"""Reading complaints from files of other systems: pure parsing, no database.

`records` reads a CSV file record by record and knows where each begins; `dates` finds out, from the
whole file, how it writes dates; `cfpb`, `nhtsa` and `heimao` say what a record means; `sources`
joins them.
"""
