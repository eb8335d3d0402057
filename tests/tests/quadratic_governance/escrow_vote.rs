//! The other governed program: a vote changes the escrow's fee through the treasury, and nobody else can.

use {
    crate::prelude::*,
    commonweal_tests::fixtures::{
        escrow::{ix, params, EscrowConfig},
        governance::Chambers,
    },
};

const NUMBER: u16 = 7;
const NEW_FEE_PPM: u32 = 12_345;

#[test]
fn a_vote_changes_the_escrows_fee_and_nobody_else_can() {
    let mut all = Chambers::new(0, 3);
    let (config, lane) = (ix::config(NUMBER).0, all.community.treasury(0));
    let first = params(&all.community.world);
    let deployer = all.community.world.actor("deployer");
    let mint = all.escrow.mint.address;
    let create = ix::initialize_config(deployer.pubkey(), NUMBER, true, lane, &first, all.community.realm, mint);
    all.community.world.succeeds(create, &[&deployer]);
    let by_hand = ix::update_config(config, deployer.pubkey(), &first);
    all.community.world.fails_with(by_hand, &[&deployer], ADDRESS);

    let mut changed = first;
    changed.fee_ppm = NEW_FEE_PPM;
    let call = all.call(ix::update_config(config, lane, &changed));
    all.community.to_epoch(1);
    let proposal = all.submitted(call);
    assert_eq!(all.community.proposal_state(proposal).class, CLASS_HIGH);
    all.win(&[proposal]);
    let from = all.community.proposal_state(proposal).executable_from_ts.get();
    all.community.world.warp_to(from);
    let execution = all.community.execution(proposal, 0);
    all.community.world.succeeds(execution, &[]);
    assert_eq!(
        all.community.world.state::<EscrowConfig>(&config).fee_ppm.get(),
        NEW_FEE_PPM
    );
}
