"""Products as consumers call them."""

from __future__ import annotations

from complaints.models import Batch, Product

MOST_OPTIONS = 300


def product_options() -> list[str]:
    """Return what the product field of the form suggests: each name with its model."""
    products = Product.objects.order_by("name", "model").values_list("name", "model")
    return [_option(name, model) for name, model in products[:MOST_OPTIONS]]


def product_called(text: str) -> int | None:
    """Return the id of the one product that `text` names exactly, by name, model or both."""
    wanted = text.strip().casefold()
    found = {
        pk
        for pk, name, model in Product.objects.values_list("pk", "name", "model")
        if wanted in {name.casefold(), model.casefold(), _option(name, model).casefold()}
    }
    return found.pop() if len(found) == 1 else None


def is_batch_code(product_id: int | None, code: str) -> bool:
    """Say whether `code` is a batch of the product."""
    if product_id is None or not code:
        return False
    return Batch.objects.filter(product_id=product_id, code=code).exists()


def _option(name: str, model: str) -> str:
    return f"{name}（{model}）"
