"""Reads where the company's seal and the time-stamps come from; production needs a real one."""

from __future__ import annotations

from config.environment import Environment
from documents.signing.errors import SealKeyFault
from documents.signing.keys import SealSource, TimeService, private_key, seal_facts

CERTIFICATE, KEY = "REDRESS_SEAL_CERTIFICATE", "REDRESS_SEAL_KEY"
UNSET = "unset"


def read_seal(env: Environment) -> SealSource | None:
    """Return the configured seal; None for the one that development machines make themselves.

    Raises ImproperlyConfigured for what can't be used, and in production for a certificate of
    development.
    """
    certificate = env.required_in_production(CERTIFICATE, UNSET)
    if certificate == UNSET:
        return None
    module = env.text("REDRESS_SEAL_PKCS11_MODULE", "")
    source = SealSource(
        certificate=certificate,
        key="" if module else env.text(KEY),
        passphrase=env.text("REDRESS_SEAL_PASSPHRASE", ""),
        module=module,
        token=env.text("REDRESS_SEAL_PKCS11_TOKEN", ""),
        label=env.text("REDRESS_SEAL_PKCS11_LABEL") if module else "",
        pin=env.text("REDRESS_SEAL_PKCS11_PIN", ""),
    )
    try:
        facts = seal_facts(source)
    except SealKeyFault as error:
        raise env.wrong(CERTIFICATE, str(error)) from error
    if env.production and facts.development:
        raise env.wrong(CERTIFICATE, "is one made for development, which production refuses")
    try:
        if not module:
            private_key(source)
    except SealKeyFault as error:
        raise env.wrong(KEY, str(error)) from error
    return source


def read_times(env: Environment) -> TimeService | None:
    """Return the time-stamp service, None where there is none."""
    if not env.text("REDRESS_TSA_URL", ""):
        return None
    return TimeService(
        url=env.web_address("REDRESS_TSA_URL"),
        user=env.text("REDRESS_TSA_USER", ""),
        password=env.text("REDRESS_TSA_PASSWORD", ""),
    )
