"""The composer that thinks with a model, through LangChain (loaded at first use)."""

from app.agents.llm.client import Fallbacks, Line, ModelClient, Order, Transport
from app.agents.llm.composer import LangChainComposer
from app.agents.llm.prices import PriceUnknown, context_tokens, model_price
from app.agents.llm.provider import ModelProvider
from app.agents.llm.spec import MODEL_SETTING, PROVIDERS, ModelSpec, ModelUnknown, parse_model_spec

__all__ = [
    "MODEL_SETTING",
    "PROVIDERS",
    "Fallbacks",
    "LangChainComposer",
    "Line",
    "ModelClient",
    "ModelProvider",
    "ModelSpec",
    "ModelUnknown",
    "Order",
    "PriceUnknown",
    "Transport",
    "context_tokens",
    "model_price",
    "parse_model_spec",
]
