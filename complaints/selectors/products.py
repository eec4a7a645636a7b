"""Products as consumers call them."""

from __future__ import annotations

from django.db.models import QuerySet

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


def products() -> QuerySet[Product]:
    """Return all products by name."""
    return Product.objects.order_by("name", "model")


def batch_called(product: Product | None, code: str) -> Batch | None:
    """Return the batch of a product that is called `code`, if there is one."""
    return Batch.objects.filter(product=product, code=code).first() if product else None


def _option(name: str, model: str) -> str:
    return f"{name}（{model}）"
