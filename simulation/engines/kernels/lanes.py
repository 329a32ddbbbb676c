"""A vector type for numba: 16 float32 or 8 float64 numbers, one hidden unit each ("lanes").

Numba has no vector type of its own, and its loops cannot keep several running sums in registers.
These few operations can; LLVM maps them to whatever the processor has (AVX-512, AVX2, NEON, ...).
Arrays of lanes are C-contiguous with axes (panel, row, lane): a panel is 16 (8) neighbouring units.
NaN and infinity are respected everywhere. Multiplication and addition may be fused into one
rounding where the processor can, so last digits may differ between kinds of processor.
"""
# ruff: noqa: ARG001 (numba hands every intrinsic and its builder all arguments)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic as numba_intrinsic
from numba.extending import models, register_model
from numpy.typing import DTypeLike

BYTES = 64
INDEX = ir.IntType(32)
Intrinsic = tuple[Any, Callable[..., Any]]  # numba signature, builder of the code
intrinsic: Any = numba_intrinsic  # its stub counts the typing context as an argument


def lane_count(dtype: DTypeLike) -> int:
    """Lanes of a vector of float32 (16) or float64 (8)."""
    return BYTES // np.dtype(dtype).itemsize


class Lanes(types.Type):
    """The numba type of a vector; `dtype` is the numba type of one lane."""

    def __init__(self, dtype: types.Float) -> None:
        self.dtype = dtype
        self.count = BYTES * 8 // dtype.bitwidth
        super().__init__(name=f"Lanes({dtype})")


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, lanes: Lanes) -> None:
        element = ir.FloatType() if lanes.dtype == types.float32 else ir.DoubleType()
        super().__init__(manager, lanes, ir.VectorType(element, lanes.count))


@intrinsic
def load(_: Any, array: Any, panel: Any, row: Any) -> Intrinsic:
    """The vector array[panel, row, :]."""
    lanes = Lanes(array.dtype)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _row_pointer(context, builder, signature.args[0], arguments[:3])
        vector = context.get_value_type(lanes)
        return _load(builder, pointer, vector)

    return lanes(array, types.intp, types.intp), build


@intrinsic
def store(_: Any, array: Any, panel: Any, row: Any, value: Any) -> Intrinsic:
    """array[panel, row, :] = value."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _row_pointer(context, builder, signature.args[0], arguments[:3])
        vector = arguments[3]
        place = builder.bitcast(pointer, vector.type.as_pointer())
        builder.store(vector, place).align = _alignment(vector.type)
        return context.get_dummy_value()

    return types.none(array, types.intp, types.intp, value), build


@intrinsic
def load_noise(_: Any, noise: Any, start: Any, like: Lanes) -> Intrinsic:
    """Elements start to start + lanes of a contiguous float32 array, in the precision of `like`."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        pointer = builder.gep(array.data, [arguments[1]])
        narrow = _load(builder, pointer, ir.VectorType(ir.FloatType(), like.count))
        wide = context.get_value_type(like)
        return narrow if narrow.type == wide else builder.fpext(narrow, wide)

    return like(noise, types.intp, like), build


@intrinsic
def element(_: Any, array: Any, index: Any) -> Intrinsic:
    """Number `index` of a contiguous array, counted through all its axes.

    (Numba's `reshape` calls into its run time and counts references: as long as a small step.)
    """

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, arguments[0])
        return builder.load(builder.gep(view.data, [arguments[1]]))

    return array.dtype(array, types.intp), build


@intrinsic
def zeros_like(_: Any, lanes: Lanes) -> Intrinsic:
    """Zero in every lane."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return ir.Constant(arguments[0].type, None)

    return lanes(lanes), build


@intrinsic
def add(_: Any, a: Lanes, b: Any) -> Intrinsic:
    """a + b; b is a vector, or one number for all lanes."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.fadd(arguments[0], as_vector(builder, arguments[1], arguments[0].type))

    return a(a, operand(a, b)), build


@intrinsic
def multiply_add(_: Any, total: Lanes, a: Lanes, b: Any) -> Intrinsic:
    """total + a b; b is a vector, or one number for all lanes."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        sum_, a, b = arguments
        product = builder.fmul(a, as_vector(builder, b, a.type), flags=("contract",))
        return builder.fadd(sum_, product, flags=("contract",))

    return total(total, total, operand(total, b)), build


@intrinsic
def gate(_: Any, value: Lanes, opening: Lanes) -> Intrinsic:
    """value where opening > 0 (or NaN), else 0. gate(z, z) is relu(z)."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        value, opening = arguments
        zero = ir.Constant(value.type, None)
        return builder.select(builder.fcmp_ordered("<=", opening, zero), zero, value)

    return value(value, value), build


@intrinsic
def choose(_: Any, opening: Lanes, value: Lanes, other: Lanes) -> Intrinsic:
    """value where opening > 0 (or NaN), else other."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        opening, value, other = arguments
        zero = ir.Constant(opening.type, None)
        return builder.select(builder.fcmp_ordered("<=", opening, zero), other, value)

    return value(opening, value, other), build


@intrinsic
def bits_of_positive(_: Any, lanes: Lanes) -> Intrinsic:
    """An integer whose bit l is set where lane l is > 0 (or NaN)."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector = arguments[0]
        silent = builder.fcmp_ordered("<=", vector, ir.Constant(vector.type, None))
        bits = builder.bitcast(builder.not_(silent), ir.IntType(lanes.count))
        return builder.zext(bits, ir.IntType(64))

    return types.int64(lanes), build


@intrinsic
def sum_of(_: Any, lanes: Lanes) -> Intrinsic:
    """The sum over lanes, by halves (a fixed order)."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector, width = arguments[0], lanes.count
        while width > 1:
            width //= 2
            low, high = (
                builder.shuffle_vector(vector, vector, _indices(range(start, start + width)))
                for start in (0, width)
            )
            vector = builder.fadd(low, high)
        return builder.extract_element(vector, ir.Constant(INDEX, 0))

    return lanes.dtype(lanes), build


def _row_pointer(context: Any, builder: Any, array_type: Any, arguments: Any) -> Any:
    array, panel, row = arguments
    view = context.make_array(array_type)(context, builder, array)
    start = [panel, row, context.get_constant(types.intp, 0)]
    return cgutils.get_item_pointer(context, builder, array_type, view, start)


def _load(builder: Any, pointer: Any, vector: Any) -> Any:
    loaded = builder.load(builder.bitcast(pointer, vector.as_pointer()))
    loaded.align = _alignment(vector)
    return loaded


def _alignment(vector: Any) -> int:
    return 4 if vector.element == ir.FloatType() else 8


def operand(lanes: Lanes, other: Any) -> Any:
    """The numba type of an operand that is a vector or one number."""
    return other if isinstance(other, Lanes) else lanes.dtype


def as_vector(builder: Any, value: Any, vector: Any) -> Any:
    """`value`, a vector or one number, in every lane."""
    if value.type == vector:
        return value
    return in_every_lane(builder, value, vector)


def in_every_lane(builder: Any, number: Any, vector: Any) -> Any:
    undefined = ir.Constant(vector, ir.Undefined)
    first = builder.insert_element(undefined, number, ir.Constant(INDEX, 0))
    return builder.shuffle_vector(first, undefined, _indices([0] * vector.count))


def _indices(lanes: Any) -> Any:
    places = list(lanes)
    return ir.Constant(ir.VectorType(INDEX, len(places)), places)
