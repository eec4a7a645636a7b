"""Reading mail that strangers wrote: pure functions that never raise, whatever the bytes are."""
