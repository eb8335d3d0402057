//! Who registers, and how: with attestors beside them, or alone with what they signed.

use {
    super::{
        governance::{member, nullifier, realm},
        story::{Story, ATTESTORS, ONE, PERSONS},
    },
    crate::app::Outcome,
    commonweal_client::governance::{
        self,
        statement::{precompile, Terms},
        Act, AttestorChoice, Proof,
    },
    solana_signer::Signer,
};

/// Registrations an attestor may sign in an epoch.
const QUOTA: u32 = 50;
/// A registration's validity in seconds: 30 days.
const VALIDITY_SECONDS: i64 = 30 * 86_400;
/// How long a statement of the story can be used, in seconds.
const USABLE_SECONDS: i64 = 3_600;
/// An attestor's term in seconds: 180 days.
const TERM_SECONDS: i64 = 180 * 86_400;

/// Three attestors are added, five persons registered by two of them each, a sixth registers alone, two persons stake.
pub async fn register(story: &mut Story<'_>) -> Outcome {
    let founder = story.funder.pubkey();
    let realm_address = story.at.realm;
    let now_ts = story.now().await?.unix_ts;
    let add = (0u8..)
        .zip(ATTESTORS)
        .map(|(slot, name)| {
            let mut label = [0u8; 32];
            for (space, byte) in label.iter_mut().zip(name.bytes()) {
                *space = byte;
            }
            let choice = AttestorChoice {
                slot,
                kind: 0,
                quota_per_epoch: QUOTA,
                enabled_until_ts: now_ts.saturating_add(TERM_SECONDS),
                schema: [0; 32],
                label,
            };
            governance::add_attestor(founder, realm_address, story.wallet(name), choice)
        })
        .collect();
    story
        .act("the founder adds three attestors", &["the funder"], add)
        .await?;
    let (expires_ts, deadline_ts) = (
        now_ts.saturating_add(VALIDITY_SECONDS),
        now_ts.saturating_add(USABLE_SECONDS),
    );
    let mut steps = Vec::new();
    // each person's first attestor decides the cohort
    for (name, vouching) in PERSONS
        .into_iter()
        .zip(ATTESTORS.iter().cycle().zip(ATTESTORS.iter().cycle().skip(1)))
    {
        let proofs = [vouching.0, vouching.1].map(|name| Proof::Signs(story.wallet(name)));
        let wallet = story.wallet(name);
        // the founder sponsors the accounts, which are never closed
        let register = governance::register_person(
            founder,
            wallet,
            realm_address,
            &proofs,
            nullifier(name),
            expires_ts,
            deadline_ts,
        )?;
        let signers = vec!["the funder", name, vouching.0, vouching.1];
        steps.push((
            format!("{name} registers, {} and {} vouch", vouching.0, vouching.1),
            signers,
            vec![register],
        ));
    }
    story.act_at_once(steps).await?;
    register_alone(story, "Zoe", ["Anna", "Ada"]).await?;
    for (name, whole) in [("Wolf", 1_000_000u64), ("Mia", 40)] {
        let member = member(story, name);
        let atoms = whole.saturating_mul(ONE);
        story.book.name(member.stake(), format!("{name}'s stake"));
        let instructions = vec![member.open_stake(), member.deposit_stake(atoms)];
        story
            .act(&format!("{name} stakes {whole} VOICE"), &[name], instructions)
            .await?;
    }
    let persons = realm(story).await?.persons.get();
    story.check("six persons are registered", 6, persons)
}

/// Two attestors sign a statement off-line; the person pays and submits alone.
async fn register_alone(story: &mut Story<'_>, who: &str, vouching: [&str; 2]) -> Outcome {
    let (state, now_ts, wallet) = (realm(story).await?, story.now().await?.unix_ts, story.wallet(who));
    let keys = vouching.map(|name| story.key(name));
    let first = governance::attestors(&story.sender.rpc, &story.at.realm)
        .await?
        .into_iter()
        .find(|(_, attestor)| Some(attestor.key) == keys.first().map(Signer::pubkey));
    let terms = Terms {
        act: Act::Register,
        cluster: state.cluster,
        realm: story.at.realm,
        nullifier: nullifier(who),
        wallet,
        bucket: first.map_or(0, |(_, attestor)| attestor.slot),
        expires_ts: now_ts.saturating_add(VALIDITY_SECONDS),
        deadline_ts: now_ts.saturating_add(USABLE_SECONDS),
        nonce: 1,
    };
    let signed = keys.map(|key| terms.sign(&key));
    story.note(&format!("{} and {} sign off-line:", vouching[0], vouching[1]));
    for one in &signed {
        story.note(&one.to_text());
    }
    let register = governance::register_person(
        wallet,
        wallet,
        story.at.realm,
        &signed.map(|one| Proof::Stated(one.key)),
        terms.nullifier,
        terms.expires_ts,
        terms.deadline_ts,
    )?;
    story
        .act(
            &format!("{who} registers alone, with what they signed"),
            &[who],
            vec![precompile(&signed)?, register],
        )
        .await?;
    Ok(())
}
