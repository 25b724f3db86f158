"""The composer that thinks with a model, through LangChain (loaded at first use)."""

from app.agents.llm.client import ModelClient, Order, Transport
from app.agents.llm.composer import LangChainComposer
from app.agents.llm.prices import PriceUnknown, model_price
from app.agents.llm.provider import ModelProvider
from app.agents.llm.spec import MODEL_SETTING, PROVIDERS, ModelSpec, ModelUnknown, parse_model_spec

__all__ = [
    "MODEL_SETTING",
    "PROVIDERS",
    "LangChainComposer",
    "ModelClient",
    "ModelProvider",
    "ModelSpec",
    "ModelUnknown",
    "Order",
    "PriceUnknown",
    "Transport",
    "model_price",
    "parse_model_spec",
]
