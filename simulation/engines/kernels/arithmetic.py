"""Further arithmetic on vectors (`lanes`), as the adaptive rules need it."""
# ruff: noqa: ARG001 (numba hands every intrinsic and its builder all arguments)

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils

from simulation.engines.kernels.lanes import (
    Intrinsic,
    Lanes,
    as_vector,
    in_every_lane,
    intrinsic,
    operand,
)


@intrinsic
def multiply(_: Any, a: Lanes, b: Any) -> Intrinsic:
    """a b; b is a vector, or one number for all lanes."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.fmul(arguments[0], as_vector(builder, arguments[1], arguments[0].type))

    return a(a, operand(a, b)), build


@intrinsic
def divide(_: Any, a: Lanes, b: Lanes) -> Intrinsic:
    """a / b."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.fdiv(*arguments)

    return a(a, b), build


@intrinsic
def square_root(_: Any, lanes: Lanes) -> Intrinsic:
    """The square root, NaN of negative numbers."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _of_each(builder, "llvm.sqrt", arguments[0])

    return lanes(lanes), build


@intrinsic
def flush(_: Any, lanes: Lanes) -> Intrinsic:
    """0 where a number is too small to have all its digits (subnormal): these are slow."""
    smallest = float(np.finfo(str(lanes.dtype)).tiny)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        value = arguments[0]
        limit = in_every_lane(builder, ir.Constant(value.type.element, smallest), value.type)
        size = _of_each(builder, "llvm.fabs", value)
        zero = ir.Constant(value.type, None)
        return builder.select(builder.fcmp_ordered("<", size, limit), zero, value)

    return lanes(lanes), build


def _of_each(builder: Any, function: str, vector: Any) -> Any:
    """A function of one argument that LLVM knows by this name, in every lane."""
    bits = 32 if vector.type.element == ir.FloatType() else 64
    kind = ir.FunctionType(vector.type, [vector.type])
    name = f"{function}.v{vector.type.count}f{bits}"
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [vector])
