"""Table contracts that report all problems at once."""

from hotspot.schema.checks import Problem, complete, problems, validate
from hotspot.schema.contracts import (
    CONTRACTS,
    COVARIATE_PREFIX,
    ITEMS,
    KINDS,
    RAW_PREFIX,
    Column,
    Contract,
    contract_of,
)

__all__ = [
    "CONTRACTS",
    "COVARIATE_PREFIX",
    "ITEMS",
    "KINDS",
    "RAW_PREFIX",
    "Column",
    "Contract",
    "Problem",
    "complete",
    "contract_of",
    "problems",
    "validate",
]
