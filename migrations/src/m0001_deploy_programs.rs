//! Brings the three programs' bytecode to their addresses.

use {
    crate::{bytecode, payer_address, Context},
    commonweal_client::{
        deploy::{bytecode_hash, deploy, Deployment},
        programs, Result,
    },
};

/// Deploys what is missing, upgrades what differs, leaves what is there.
pub async fn run(context: &Context<'_>) -> Result<Vec<String>> {
    let mut changes = Vec::new();
    for program in &programs::ALL {
        let code = bytecode(context, program)?;
        let key = context.program_keys.of(program)?;
        let progress = |done, all| (context.progress)(program.name, done, all);
        let did = deploy(context.sender, context.payer, program, key.as_ref(), &code, &progress).await?;
        let verb = match did {
            Deployment::Unchanged => continue,
            Deployment::Deployed => "deployed",
            Deployment::Upgraded => "upgraded",
        };
        changes.push(format!(
            "{verb} {} at {} ({} bytes, sha256 {}, upgrade authority {})",
            program.name,
            program.id,
            code.len(),
            bytecode_hash(&code),
            payer_address(context),
        ));
    }
    Ok(changes)
}
