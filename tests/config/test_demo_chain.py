"""The demonstration's faulty batch has a chain to trace."""

import pytest

from config.demo import cast
from config.demo.chain import SERIALS, lay_chain
from config.demo.loader import make_goods
from liability.models import ProductionRecord, SerialNumber, SupplierPaper, UnitsSold

pytestmark = pytest.mark.django_db


def test_chain_of_the_faulty_batch_is_laid():
    make_goods()
    lay_chain()
    _name, _model, code, _part = cast.SUPPLIER
    assert SerialNumber.objects.filter(batch__code=code).count() == SERIALS
    assert ProductionRecord.objects.exclude(deviation="").exists()
    assert set(SupplierPaper.objects.values_list("kind", flat=True)) == {
        "agreement",
        "quality_agreement",
        "certificate",
        "audit",
    }
    assert UnitsSold.objects.count() == 3
