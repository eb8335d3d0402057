//! What governance does to itself by an executed proposal.

use {
    super::{arguments, named},
    crate::amount,
    borsh::BorshDeserialize,
    quadratic_governance::state::RealmParameters,
    solana_program::instruction::AccountMeta,
};

/// Arguments of governance's `add_attestor` (discriminator 1).
#[derive(BorshDeserialize)]
struct AttestorAdded {
    key: [u8; 32],
    slot: u8,
    kind: u8,
    quota_per_epoch: u32,
    enabled_until_ts: i64,
    schema: [u8; 32],
    label: [u8; 32],
}

/// Arguments of governance's `set_parameters` (discriminator 20).
#[derive(BorshDeserialize)]
struct Parameters {
    epoch_s: u32,
    voting_s: u32,
    extension_s: u32,
    late_window_s: u32,
    challenge_s: u32,
    review_s: u32,
    timelock_s: u32,
    upgrade_timelock_s: u32,
    execution_window_s: u32,
    base_credits: u32,
    max_bonus_credits: u32,
    stake_atoms_per_credit: u64,
    min_persons: u32,
    quorum_persons_ppm: u32,
    quorum_credits_ppm: u32,
    normal_threshold_ppm: u32,
    high_threshold_ppm: u32,
    cohort_floor_votes: u32,
    proposal_bond_lamports: u64,
    identity_cost_lamports: u64,
    attestations: u8,
}

/// Arguments of governance's `set_chambers` (discriminator 21).
#[derive(BorshDeserialize)]
struct Chambers {
    liquidity_config: [u8; 32],
    escrow_config_number: u32,
}

/// What a call of governance by itself does.
pub(super) fn sentence(accounts: &[AccountMeta], data: &[u8]) -> Option<String> {
    if data == [quadratic_governance::DISABLE_ATTESTOR] {
        return Some(format!("disables the attestor of account {}", accounts.get(2)?.pubkey));
    }
    if let Some(parameters) = arguments(data, quadratic_governance::SET_PARAMETERS) {
        return Some(set_parameters(&parameters));
    }
    if let Some(chambers) = arguments::<Chambers>(data, quadratic_governance::SET_CHAMBERS) {
        let locks = if chambers.liquidity_config == [0; 32] {
            "nobody".to_owned()
        } else {
            format!("locks in pools of config {}", named(chambers.liquidity_config))
        };
        let slots = match chambers.escrow_config_number.checked_sub(1) {
            None => "nobody".to_owned(),
            Some(number) => format!("slots of escrow config {number}"),
        };
        return Some(format!(
            "gives the seats of the liquidity chamber to {locks}, those of the provider chamber to {slots}"
        ));
    }
    if let Some(atoms) = arguments::<u64>(data, quadratic_governance::SET_IDENTITY_COST) {
        let book = accounts.get(2)?.pubkey;
        return Some(format!(
            "says that faking a person costs {atoms} atoms of the mint of book {book}"
        ));
    }
    let added: AttestorAdded = arguments(data, quadratic_governance::ADD_ATTESTOR)?;
    let label: Vec<u8> = added.label.into_iter().take_while(|byte| *byte != 0).collect();
    let label = match String::from_utf8(label).ok()? {
        label if label.is_empty() => String::new(),
        label => format!(" as \"{}\"", label.escape_debug()),
    };
    let what = match added.kind {
        0 if added.schema == [0; 32] => format!("lets {}", named(added.key)),
        1 => format!(
            "lets credentials of issuer {} and schema {}",
            named(added.key),
            named(added.schema)
        ),
        _ => return None,
    };
    Some(format!(
        "{what} vouch{label} for {} persons an epoch until Unix time {}, in slot {}",
        added.quota_per_epoch, added.enabled_until_ts, added.slot
    ))
}

fn set_parameters(new: &Parameters) -> String {
    format!(
        "sets the realm's parameters from the epoch after next on: epoch {} s, voting {} s, extension {} s, late window {} s, \
         challenge {} s, review {} s, timelock {} s, of upgrades {} s, execution window {} s; {} credits and at most {} for stake, one \
         for {} atoms; quorum {} persons, {} ppm of persons, {} ppm of credits; thresholds {} and {} ppm; {} votes of a cohort in \
         full; bond {} SOL; a faked person costs {} SOL; {} attestors register",
        new.epoch_s,
        new.voting_s,
        new.extension_s,
        new.late_window_s,
        new.challenge_s,
        new.review_s,
        new.timelock_s,
        new.upgrade_timelock_s,
        new.execution_window_s,
        new.base_credits,
        new.max_bonus_credits,
        new.stake_atoms_per_credit,
        new.min_persons,
        new.quorum_persons_ppm,
        new.quorum_credits_ppm,
        new.normal_threshold_ppm,
        new.high_threshold_ppm,
        new.cohort_floor_votes,
        amount::sol(new.proposal_bond_lamports),
        amount::sol(new.identity_cost_lamports),
        new.attestations
    )
}

/// Which parameters a `set_parameters` changes, and from what: `voting_s 604800 → 432000`. None where the bytes are something else.
pub fn parameter_changes(old: &RealmParameters, data: &[u8]) -> Option<Vec<String>> {
    let new: Parameters = arguments(data, quadratic_governance::SET_PARAMETERS)?;
    let numbers = [
        ("epoch_s", u64::from(old.epoch_s), u64::from(new.epoch_s)),
        ("voting_s", old.voting_s.into(), new.voting_s.into()),
        ("extension_s", old.extension_s.into(), new.extension_s.into()),
        ("late_window_s", old.late_window_s.into(), new.late_window_s.into()),
        ("challenge_s", old.challenge_s.into(), new.challenge_s.into()),
        ("review_s", old.review_s.into(), new.review_s.into()),
        ("timelock_s", old.timelock_s.into(), new.timelock_s.into()),
        (
            "upgrade_timelock_s",
            old.upgrade_timelock_s.into(),
            new.upgrade_timelock_s.into(),
        ),
        (
            "execution_window_s",
            old.execution_window_s.into(),
            new.execution_window_s.into(),
        ),
        ("base_credits", old.base_credits.into(), new.base_credits.into()),
        (
            "max_bonus_credits",
            old.max_bonus_credits.into(),
            new.max_bonus_credits.into(),
        ),
        (
            "stake_atoms_per_credit",
            old.stake_atoms_per_credit,
            new.stake_atoms_per_credit,
        ),
        ("min_persons", old.min_persons.into(), new.min_persons.into()),
        (
            "quorum_persons_ppm",
            old.quorum_persons_ppm.into(),
            new.quorum_persons_ppm.into(),
        ),
        (
            "quorum_credits_ppm",
            old.quorum_credits_ppm.into(),
            new.quorum_credits_ppm.into(),
        ),
        (
            "normal_threshold_ppm",
            old.normal_threshold_ppm.into(),
            new.normal_threshold_ppm.into(),
        ),
        (
            "high_threshold_ppm",
            old.high_threshold_ppm.into(),
            new.high_threshold_ppm.into(),
        ),
        (
            "cohort_floor_votes",
            old.cohort_floor_votes.into(),
            new.cohort_floor_votes.into(),
        ),
        ("attestations", old.attestations.into(), new.attestations.into()),
    ];
    let mut changes: Vec<String> = numbers
        .into_iter()
        .filter(|(_, old, new)| old != new)
        .map(|(name, old, new)| format!("{name} {old} → {new}"))
        .collect();
    for (name, old, new) in [
        ("bond", old.proposal_bond_lamports, new.proposal_bond_lamports),
        ("identity cost", old.identity_cost_lamports, new.identity_cost_lamports),
    ] {
        if old != new {
            changes.push(format!("{name} {} → {} SOL", amount::sol(old), amount::sol(new)));
        }
    }
    Some(changes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use {
        super::*,
        crate::{governance as governance_calls, Address},
        quadratic_governance::instructions::ChamberChoice,
        solana_program::instruction::Instruction,
    };

    fn sentence(instruction: &Instruction) -> String {
        super::sentence(&instruction.accounts, &instruction.data).unwrap()
    }

    fn address(byte: u8) -> Address {
        Address::from([byte; 32])
    }

    #[test]
    fn parameters_are_told_one_by_one() {
        let parameters = governance_calls::RealmParameters {
            epoch_s: 101,
            voting_s: 102,
            extension_s: 103,
            late_window_s: 104,
            challenge_s: 105,
            review_s: 106,
            timelock_s: 107,
            upgrade_timelock_s: 108,
            execution_window_s: 109,
            base_credits: 110,
            max_bonus_credits: 111,
            stake_atoms_per_credit: 112,
            min_persons: 113,
            quorum_persons_ppm: 114,
            quorum_credits_ppm: 115,
            normal_threshold_ppm: 116,
            high_threshold_ppm: 117,
            cohort_floor_votes: 118,
            proposal_bond_lamports: 1_500_000_000,
            identity_cost_lamports: 2_500_000_000,
            attestations: 3,
        };
        let told = sentence(&governance_calls::set_parameters(address(1), parameters));
        let mut rest = told.as_str();
        // each value once, in the order of the struct
        for value in 101..=118 {
            let found = rest.find(&value.to_string());
            assert!(found.is_some(), "{value} is missing in {told}");
            rest = rest.get(found.unwrap_or(0)..).unwrap_or("");
        }
        assert!(
            told.contains("bond 1.5 SOL; a faked person costs 2.5 SOL; 3 attestors"),
            "{told}"
        );
        let mut changed = parameters;
        changed.voting_s = 99;
        changed.proposal_bond_lamports = 2_000_000_000;
        let data = governance_calls::set_parameters(address(1), changed).data;
        assert_eq!(
            parameter_changes(&parameters, &data),
            Some(vec!["voting_s 102 → 99".to_owned(), "bond 1.5 → 2 SOL".to_owned()])
        );
        assert_eq!(parameter_changes(&parameters, &[1, 2, 3]), None);
    }

    #[test]
    fn what_votes_change_of_chambers_costs_and_code_is_a_sentence() {
        let none = sentence(&governance_calls::set_chambers(address(1), ChamberChoice::default()));
        assert!(
            none.contains("liquidity chamber to nobody") && none.contains("provider chamber to nobody"),
            "{none}"
        );
        let some = ChamberChoice {
            liquidity_config: [8; 32],
            escrow_config_number: 3,
        };
        let some = sentence(&governance_calls::set_chambers(address(1), some));
        assert!(
            some.contains(&address(8).to_string()) && some.contains("escrow config 2"),
            "{some}"
        );
        let cost = sentence(&governance_calls::set_identity_cost(address(1), address(2), 900));
        assert!(
            cost.contains("costs 900 atoms") && cost.contains(&address(2).to_string()),
            "{cost}"
        );
    }
}
