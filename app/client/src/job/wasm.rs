//! Runs a job's WASM module so that everybody who runs it gets the same bytes.
//!
//! The module sees nothing but its arguments: no imports are given, so there is no clock, no randomness, no file and no
//! network. What WebAssembly itself leaves open is closed: NaN bit patterns are canonical, threads and relaxed SIMD are off,
//! memory and fuel are bounded by constants that belong to the job's terms. Fuel counts executed instructions, not time, so a
//! module that is too long for one machine is too long for all.
//!
//! A module exports its `memory`, `input(len: i32) -> i32` (where it wants that many bytes of arguments) and
//! `run(at: i32, len: i32) -> i64` (the result's address in the upper half, its length in the lower one).

use {
    sha2::{Digest, Sha256},
    wasmtime::{Config, Engine, Linker, Module, Store, StoreLimits, StoreLimitsBuilder, Trap},
};

/// Fuel of one run: about four billion simple instructions, some seconds of one core.
pub const MAX_FUEL: u64 = 4_000_000_000;
/// Memory of one run.
pub const MAX_MEMORY_BYTES: usize = 64 << 20;
/// The largest result that is read back.
pub const MAX_RESULT_BYTES: usize = 16 << 20;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum WasmError {
    /// The bytes at hand are not the module the job names.
    #[error("the module's hash is {found}, the job names {expected}. Fetch the module that the client published")]
    WrongModule {
        /// The job's.
        expected: String,
        /// Theirs.
        found: String,
    },
    /// The text or bytes are no module.
    #[error("this is no WASM module: {0}. Check the file")]
    NotAModule(String),
    /// The module does not offer what a job's module offers, or asks for more.
    #[error("the module cannot be a job: {0}. It exports `memory`, `input(i32) -> i32` and `run(i32, i32) -> i64` and imports nothing")]
    Unsuitable(String),
    /// It used up its fuel.
    #[error("the module used all of its {MAX_FUEL} units of fuel. Give it smaller arguments")]
    OutOfFuel,
    /// It trapped.
    #[error("the module trapped: {0}. This is its own fault, on every machine")]
    Trapped(String),
    /// It pointed outside of its memory.
    #[error("the module's {0} lies outside of its memory or above {MAX_RESULT_BYTES} bytes")]
    OutOfBounds(&'static str),
}

/// What a run gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The result.
    pub result: Vec<u8>,
    /// Fuel used: the same on every machine.
    pub fuel: u64,
}

/// SHA-256, by which modules, arguments and results are named.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Turns WebAssembly text into a module's bytes; bytes of a module stay as they are.
pub fn module_bytes(source: &[u8]) -> Result<Vec<u8>, WasmError> {
    wat::parse_bytes(source)
        .map(|bytes| bytes.into_owned())
        .map_err(|error| WasmError::NotAModule(error.to_string()))
}

fn engine() -> Result<Engine, WasmError> {
    let mut config = Config::new();
    config.consume_fuel(true);
    config.cranelift_nan_canonicalization(true);
    config.wasm_relaxed_simd(false);
    config.wasm_simd(false);
    config.wasm_multi_memory(false);
    config.wasm_memory64(false);
    Engine::new(&config).map_err(|error| WasmError::Unsuitable(error.to_string()))
}

fn fault(error: wasmtime::Error) -> WasmError {
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => WasmError::OutOfFuel,
        Some(trap) => WasmError::Trapped(trap.to_string()),
        None => WasmError::Trapped(format!("{error:#}")),
    }
}

/// Runs the module whose SHA-256 is `expected_hash` on `arguments`.
pub fn run(module: &[u8], expected_hash: &[u8; 32], arguments: &[u8]) -> Result<Run, WasmError> {
    let found = sha256(module);
    if &found != expected_hash {
        return Err(WasmError::WrongModule {
            expected: hex(expected_hash),
            found: hex(&found),
        });
    }
    let unsuitable = |error: wasmtime::Error| WasmError::Unsuitable(format!("{error:#}"));
    let engine = engine()?;
    let module = Module::new(&engine, module).map_err(|error| WasmError::NotAModule(format!("{error:#}")))?;
    let limits: StoreLimits = StoreLimitsBuilder::new()
        .memory_size(MAX_MEMORY_BYTES)
        .memories(1)
        .tables(1)
        .instances(1)
        .build();
    let mut store = Store::new(&engine, limits);
    store.limiter(|limits| limits);
    store.set_fuel(MAX_FUEL).map_err(unsuitable)?;
    let instance = Linker::new(&engine)
        .instantiate(&mut store, &module)
        .map_err(unsuitable)?;
    let memory = instance
        .get_memory(&mut store, "memory")
        .ok_or_else(|| WasmError::Unsuitable("it exports no memory".to_owned()))?;
    let input = instance
        .get_typed_func::<i32, i32>(&mut store, "input")
        .map_err(unsuitable)?;
    let entry = instance
        .get_typed_func::<(i32, i32), i64>(&mut store, "run")
        .map_err(unsuitable)?;

    let length = i32::try_from(arguments.len()).map_err(|_| WasmError::OutOfBounds("argument"))?;
    let at = input.call(&mut store, length).map_err(fault)?;
    let start = usize::try_from(at).map_err(|_| WasmError::OutOfBounds("argument"))?;
    memory
        .write(&mut store, start, arguments)
        .map_err(|_| WasmError::OutOfBounds("argument"))?;
    let packed = entry.call(&mut store, (at, length)).map_err(fault)?.to_le_bytes();
    let [l0, l1, l2, l3, a0, a1, a2, a3] = packed;
    let length = usize::try_from(u32::from_le_bytes([l0, l1, l2, l3])).unwrap_or(usize::MAX);
    let start = usize::try_from(u32::from_le_bytes([a0, a1, a2, a3])).unwrap_or(usize::MAX);
    if length > MAX_RESULT_BYTES {
        return Err(WasmError::OutOfBounds("result"));
    }
    let end = start.checked_add(length).ok_or(WasmError::OutOfBounds("result"))?;
    let result = memory
        .data(&store)
        .get(start..end)
        .ok_or(WasmError::OutOfBounds("result"))?
        .to_vec();
    let left = store.get_fuel().map_err(unsuitable)?;
    Ok(Run {
        result,
        fuel: MAX_FUEL.saturating_sub(left),
    })
}

/// The text whose SHA-256 is a job's `spec_hash`: the environment a module of this kind runs in. Whoever computes a job again needs
/// this, the module and the arguments, and nothing else.
pub fn specification(module_hash: &[u8; 32]) -> String {
    format!(
        r#"{{"abi":"commonweal-wasm-1","module":"{}","fuel":{MAX_FUEL},"memory_bytes":{MAX_MEMORY_BYTES},"result_bytes":{MAX_RESULT_BYTES}}}"#,
        hex(module_hash)
    )
}

/// The Mandelbrot kernel that the demo posts, as WebAssembly text.
pub const MANDELBROT: &str = include_str!("../../kernels/mandelbrot.wat");

/// Arguments of [`MANDELBROT`]: a window of the plane in 1/2²⁸ units, a raster and an iteration bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MandelbrotArguments {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Iterations after which a point counts as inside; at most 65,535.
    pub max_iterations: u32,
    /// Left edge.
    pub left_q28: i32,
    /// Lower edge.
    pub bottom_q28: i32,
    /// Width of a pixel.
    pub step_q28: i32,
}

impl MandelbrotArguments {
    /// The 24 bytes the kernel reads.
    pub fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(24);
        for word in [self.width, self.height, self.max_iterations] {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        for word in [self.left_q28, self.bottom_q28, self.step_q28] {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        bytes
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing
)]
mod tests {
    use super::*;

    fn run_text(text: &str, arguments: &[u8]) -> Result<Run, WasmError> {
        let module = module_bytes(text.as_bytes())?;
        run(&module, &sha256(&module), arguments)
    }

    const WINDOW: MandelbrotArguments = MandelbrotArguments {
        width: 24,
        height: 16,
        max_iterations: 200,
        left_q28: -2 << 28,
        bottom_q28: -1 << 28,
        step_q28: 1 << 25,
    };

    /// The same set computed here, in 128-bit integers.
    fn expected(window: MandelbrotArguments) -> Vec<u8> {
        let mut out = Vec::new();
        for row in 0..window.height {
            for column in 0..window.width {
                let cx = i128::from(window.left_q28) + i128::from(window.step_q28) * i128::from(column);
                let cy = i128::from(window.bottom_q28) + i128::from(window.step_q28) * i128::from(row);
                let (mut x, mut y, mut count) = (0i128, 0i128, 0u16);
                while u32::from(count) < window.max_iterations && x * x + y * y <= 4 << 56 {
                    (x, y) = (((x * x - y * y) >> 28) + cx, ((x * y) >> 27) + cy);
                    count += 1;
                }
                out.extend_from_slice(&count.to_le_bytes());
            }
        }
        out
    }

    #[test]
    fn the_mandelbrot_kernel_agrees_with_wide_integers() {
        let run = run_text(MANDELBROT, &WINDOW.to_bytes()).unwrap();
        assert_eq!(run.result, expected(WINDOW));
        assert!(
            run.result.chunks(2).any(|count| count == 200u16.to_le_bytes()),
            "no point lies inside"
        );
        assert!(run.result.chunks(2).any(|count| count[0] < 4), "no point lies outside");
    }

    #[test]
    fn two_runs_give_the_same_bytes_and_use_the_same_fuel() {
        assert_eq!(
            run_text(MANDELBROT, &WINDOW.to_bytes()).unwrap(),
            run_text(MANDELBROT, &WINDOW.to_bytes()).unwrap()
        );
    }

    #[test]
    fn a_module_with_another_hash_is_not_run() {
        let module = module_bytes(MANDELBROT.as_bytes()).unwrap();
        assert!(matches!(
            run(&module, &[0; 32], &[]),
            Err(WasmError::WrongModule { .. })
        ));
    }

    fn with_run_body(body: &str) -> String {
        format!(
            r#"(module (memory (export "memory") 1)
                (func (export "input") (param i32) (result i32) (i32.const 0))
                (func (export "run") (param i32 i32) (result i64) {body}))"#
        )
    }

    #[test]
    fn a_module_that_never_ends_runs_out_of_fuel() {
        assert!(matches!(
            run_text(&with_run_body("(loop (br 0)) (i64.const 0)"), &[]),
            Err(WasmError::OutOfFuel)
        ));
    }

    #[test]
    fn a_result_outside_of_memory_is_refused() {
        let body = "(i64.const 0x0001000000000001)";
        assert!(matches!(
            run_text(&with_run_body(body), &[]),
            Err(WasmError::OutOfBounds("result"))
        ));
        assert!(matches!(
            run_text(&with_run_body("(i64.const 0xffffffff)"), &[]),
            Err(WasmError::OutOfBounds("result"))
        ));
    }

    #[test]
    fn a_module_that_asks_for_the_outside_world_is_refused() {
        let text = r#"(module (import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32))))"#;
        assert!(matches!(run_text(text, &[]), Err(WasmError::Unsuitable(_))));
    }

    #[test]
    fn memory_beyond_the_limit_is_refused() {
        let text = r#"(module (memory (export "memory") 2000)
            (func (export "input") (param i32) (result i32) (i32.const 0))
            (func (export "run") (param i32 i32) (result i64) (i64.const 0)))"#;
        assert!(matches!(run_text(text, &[]), Err(WasmError::Unsuitable(_))));
    }

    #[test]
    fn a_trap_is_reported_as_the_modules_own_fault() {
        assert!(matches!(
            run_text(&with_run_body("unreachable"), &[]),
            Err(WasmError::Trapped(_))
        ));
    }
}
