//! The 128-bit arithmetic that LLVM calls by name on the SBF target.
//!
//! The VM has 64-bit multiply and divide only; LLVM turns wider operations into calls of `__multi3`, `__udivti3` and so on,
//! with both arguments in register pairs and the result in a pair. rustc returns 128-bit integers through memory on this
//! target, so the versions in `compiler_builtins` have the wrong calling convention; these have the right one.
//!
//! [`words`] is the arithmetic on 64-bit words, the same code on host and VM; [`abi`](self) gives it the names LLVM calls,
//! on the SBF target only. Under the platform-tools the target is not `bpf` and nothing but [`words`] is compiled.
#![no_std]
#![cfg_attr(target_arch = "bpf", feature(abi_unadjusted))]
#![cfg_attr(target_arch = "bpf", allow(internal_features))]

pub mod words;

#[cfg(target_arch = "bpf")]
mod abi;

// memcpy, memmove, memset and memcmp by the VM's syscalls
#[cfg(target_arch = "bpf")]
extern crate solana_compiler_builtins;
