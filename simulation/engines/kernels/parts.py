"""Compiling kernels that only other kernels call, without making machine code of each.

Numba optimises every function by itself, makes machine code of it, and then does both again as
part of each function that calls it: with kernels of small functions most of the time went there.
Here a part stays as it was lowered, and is optimised and made code once, within the kernel that
Python calls.
"""

from __future__ import annotations

from typing import Any

from numba import _dynfunc  # type: ignore[attr-defined]
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering


class PartCompiler(CompilerBase):
    """Numba's own way, but for the last step. For `numba.njit(pipeline_class=...)`."""

    def define_pipelines(self) -> list[Any]:
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.passes = [
            (_PartLowering if one is NativeLowering else one, words) for one, words in passes.passes
        ]
        passes.finalize()
        return [passes]


class _PartLibrary(JITCodeLibrary):
    """Code to be linked into others: neither optimised nor handed to the machine."""

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _PartLowering(NativeLowering):
    _name = "part_lowering"

    def run_pass(self, state: Any) -> bool:
        library = _PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library, state.flags.no_compile = library, True
        super().run_pass(state)
        result = state["cr"]
        library._ensure_finalized()
        name = result.fndesc.qualname
        # callers know the part by this object, which nobody can call
        handle = _dynfunc.make_function(
            result.fndesc.lookup_module(), name, "", 0, result.env, (library,)
        )
        state.targetctx.insert_user_function(handle, result.fndesc, [library])
        state.reload_init.extend(library._reload_init)
        state["cr"] = result._replace(cfunc=handle)
        return True
