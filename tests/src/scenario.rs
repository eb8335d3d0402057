//! For every instruction a state in which it succeeds.

use {crate::world::World, solana_instruction::Instruction, solana_keypair::Keypair};

/// A world in which `instruction`, signed by `signers`, succeeds.
pub struct Scenario {
    /// The prepared state.
    pub world: World,
    /// The one instruction to run; its accounts are in the order of the IDL.
    pub instruction: Instruction,
    /// Who signs. The first pays the transaction fee, as a wallet would.
    pub signers: Vec<Keypair>,
    /// How many addresses the program itself tries while it searches bumps (0 where it searches none). A try costs
    /// 1,500 CU and depends on the keys, so it is reported apart.
    pub bump_tries: u32,
}

/// How to make the scenario of one instruction.
pub struct ScenarioDef {
    /// The instruction's name in the IDL (snake case).
    pub instruction: &'static str,
    /// Makes it; every key in it follows from the seed.
    pub build: fn(seed: u64) -> Scenario,
}
