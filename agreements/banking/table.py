"""A batch as a table: the CSV that a bank without ISO 20022 takes. Described in docs/payments.md.

UTF-8 with a byte-order mark, lines end in CRLF. The last line has the count and the control sum.
"""

from __future__ import annotations

import csv
import io

from agreements.banking.orders import PayFile
from agreements.banking.pain import as_amount

COLUMNS = (
    "number",
    "end_to_end_id",
    "payee_name",
    "payee_account",
    "payee_bank",
    "payee_bank_code",
    "amount",
    "currency",
    "execute_on",
    "purpose",
)


def table_file(file: PayFile) -> bytes:
    """Return the file's bytes. The same batch gives the same bytes.

    Names and accounts that a spreadsheet would compute are refused before they become payees, so
    no cell has to be disguised (a bank would pay to the disguised name).
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for number, order in enumerate(file.orders, start=1):
        payee = order.payee
        writer.writerow(
            [
                number,
                order.key,
                payee.name,
                payee.account,
                payee.bank,
                payee.bank_code,
                as_amount(order.amount),
                order.currency,
                file.execute_on.isoformat(),
                order.purpose,
            ]
        )
    total = as_amount(file.control_sum)
    writer.writerow(["TOTAL", len(file.orders), "", "", "", "", total, file.currency, "", ""])
    return ("\ufeff" + out.getvalue()).encode()
