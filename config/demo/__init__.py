"""A made-up appliance company, its people, goods and complaints, for trying the system out."""
