//! G6: what leaves a lane in an epoch, of lamports and of tokens.

use {crate::prelude::*, commonweal_tests::world::Mint};

/// What a lane's token account holds: a twentieth of it is 50,000.
const HELD: u64 = 1_000_000;
/// What may leave of it in an epoch.
const TWENTIETH: u64 = 50_000;

/// A realm of three in epoch 1 whose lane 0 holds tokens, with a book of them.
struct Till {
    community: Community,
    mint: Mint,
    held: Address,
    payee: Address,
}

impl Till {
    fn of(mut community: Community, mint: Mint) -> Self {
        let treasury = community.treasury(0);
        let held = community.world.funded(&mint, &treasury, HELD);
        let friend = community.world.actor("friend").pubkey();
        let payee = community.world.token_account(&mint, &friend);
        community.open_book(0, &mint.address);
        community.to_epoch(1);
        Self {
            community,
            mint,
            held,
            payee,
        }
    }

    fn new() -> Self {
        let community = Community::with_members(0, 3);
        let mint = community.mint.clone();
        Self::of(community, mint)
    }

    fn new_2022() -> Self {
        let mut community = Community::with_members(0, 3);
        let mint = community.world.mint_2022("new tokens", 6, &[]);
        Self::of(community, mint)
    }

    fn payment(&self, atoms: u64) -> ActionCall {
        self.community
            .token_payment(0, &self.mint, &self.held, &self.payee, atoms)
    }

    /// A vote with that many votes of each of the three, to pay these amounts; it can be executed.
    fn voted(&mut self, votes: u32, amounts: &[u64]) -> Address {
        let calls = amounts.iter().map(|atoms| self.payment(*atoms)).collect();
        let proposal = self.community.propose(calls);
        self.community.carry(proposal, votes);
        self.community.decide(proposal);
        let from = self.community.proposal_state(proposal).executable_from_ts.get();
        self.community.world.warp_to(from);
        proposal
    }

    fn pays(&mut self, proposal: Address, index: u8) {
        let instruction = self.community.execution(proposal, index);
        self.community.world.succeeds(instruction, &[]);
    }

    #[track_caller]
    fn refuses(&mut self, proposal: Address, index: u8, expected: GovernanceError) {
        let instruction = self.community.execution(proposal, index);
        self.community.world.fails_with(instruction, &[], error(expected));
    }

    fn book(&self) -> TokenBook {
        let address = gov::book_address(&self.community.realm, 0, &self.mint.address);
        self.community.world.state(&address)
    }
}

#[test]
fn a_twentieth_of_either_kind_of_tokens_leaves_in_an_epoch_and_no_atom_more() {
    for mut till in [Till::new(), Till::new_2022()] {
        let proposal = till.voted(10, &[TWENTIETH, 1]);
        till.pays(proposal, 0);
        assert_eq!(till.community.world.tokens(&till.payee), TWENTIETH);
        let book = till.book();
        assert_eq!(
            (book.epoch.get(), book.start_atoms.get(), book.outflow_atoms.get()),
            (2, HELD, TWENTIETH)
        );
        till.refuses(proposal, 1, GovernanceError::OutflowExceedsCap);
        // a new epoch opens the book anew, with what is left
        till.community.to_epoch(3);
        till.pays(proposal, 1);
        let book = till.book();
        assert_eq!(
            (book.epoch.get(), book.start_atoms.get(), book.outflow_atoms.get()),
            (3, HELD - TWENTIETH, 1)
        );
    }
}

#[test]
fn an_atom_above_the_twentieth_does_not_leave() {
    let mut till = Till::new();
    let proposal = till.voted(10, &[TWENTIETH + 1]);
    till.refuses(proposal, 0, GovernanceError::OutflowExceedsCap);
}

#[test]
fn two_proposals_of_an_epoch_share_its_cap() {
    let mut till = Till::new();
    let calls = vec![till.payment(30_000)];
    let first = till.community.propose(calls.clone());
    let second = till.community.propose(calls);
    till.community.carry(first, 7);
    till.community.carry(second, 7);
    till.community.decide(first);
    till.community.decide(second);
    let from = till.community.proposal_state(first).executable_from_ts.get();
    till.community.world.warp_to(from);
    till.pays(first, 0);
    till.refuses(second, 0, GovernanceError::OutflowExceedsCap);
    till.community.to_epoch(3);
    till.pays(second, 0);
}

#[test]
fn a_clock_that_steps_back_opens_no_second_cap_of_tokens() {
    let mut till = Till::new();
    let proposal = till.voted(10, &[TWENTIETH, TWENTIETH]);
    till.community.to_epoch(3);
    till.pays(proposal, 0);
    till.community.world.warp(-2, 1);
    till.refuses(proposal, 1, GovernanceError::OutflowExceedsCap);
}

#[test]
fn what_is_declared_is_booked_even_where_less_leaves() {
    let mut till = Till::new();
    let call = ActionCall {
        outflow_atoms: TWENTIETH,
        ..till.payment(1)
    };
    let proposal = till.community.pass(vec![call, till.payment(1)]);
    till.pays(proposal, 0);
    till.refuses(proposal, 1, GovernanceError::OutflowExceedsCap);
}

#[test]
fn tokens_leave_by_the_lanes_book_of_their_mint() {
    let mut till = Till::new();
    let other_mint = till.community.world.mint("other tokens", 6);
    let other_realm = till.community.create_second_realm();
    let payer = till.community.world.actor("bookkeeper");
    till.community.open_book(1, &till.mint.address.clone());
    till.community.open_book(0, &other_mint.address);
    let foreign = gov::open_book(&other_realm, &payer.pubkey(), 0, &till.mint.address);
    till.community.world.succeeds(foreign, &[&payer]);
    let proposal = till.voted(10, &[1]);
    let right = till.community.execution(proposal, 0);
    let (realm, mint) = (till.community.realm, till.mint.address);
    for wrong in [
        gov::book_address(&realm, 1, &mint),
        gov::book_address(&realm, 0, &other_mint.address),
        gov::book_address(&other_realm, 0, &mint),
    ] {
        let mut instruction = right.clone();
        instruction.accounts[5].pubkey = wrong;
        let expected = error(GovernanceError::BookMismatch);
        till.community.world.fails_with(instruction, &[], expected);
    }
    let mut none = right.clone();
    none.accounts[5] = AccountMeta::new_readonly(quadratic_governance::ID, false);
    let expected = error(GovernanceError::BookMissing);
    till.community.world.fails_with(none, &[], expected);
    let mut read_only = right.clone();
    read_only.accounts[5].is_writable = false;
    till.community.world.fails_with(read_only, &[], NOT_WRITABLE);
    till.community.world.succeeds(right, &[]);
}

#[test]
fn a_lanes_books_are_kept_apart() {
    let mut till = Till::new();
    let second = till.community.world.mint("second tokens", 6);
    let (treasury, friend) = (
        till.community.treasury(0),
        till.community.world.actor("friend").pubkey(),
    );
    let held = till.community.world.funded(&second, &treasury, HELD);
    let to = till.community.world.token_account(&second, &friend);
    till.community.open_book(0, &second.address);
    let other = till.community.token_payment(0, &second, &held, &to, TWENTIETH);
    let proposal = till.community.pass(vec![till.payment(TWENTIETH), other]);
    till.pays(proposal, 0);
    till.pays(proposal, 1);
    assert_eq!(till.community.world.tokens(&to), TWENTIETH);
}

#[test]
fn undeclared_tokens_do_not_leave() {
    let mut till = Till::new();
    let undeclared = ActionCall {
        outflow_mint: [0; 32],
        outflow_atoms: 0,
        ..till.payment(1)
    };
    let proposal = till.community.pass(vec![undeclared]);
    till.refuses(proposal, 0, GovernanceError::OutflowExceedsDeclared);
}

#[test]
fn tokens_leave_up_to_the_identity_cost_of_those_who_voted() {
    let mut till = Till::new();
    let mint = till.mint.address;
    let cost = till.community.cost_vote(0, &mint, 1_000);
    till.community.enact(vec![cost]);
    // three times ten votes of persons who can have twenty each: one and a half
    let proposal = till.voted(10, &[1_500, 1]);
    till.pays(proposal, 0);
    till.refuses(proposal, 1, GovernanceError::OutflowExceedsCap);
    let above = till.voted(10, &[1_501]);
    till.refuses(above, 0, GovernanceError::OutflowExceedsCap);
}

/// A realm whose lane 0 holds 1,000 SOL, a person costing one.
fn with_cost_of_one_sol() -> Community {
    let mut community = Community::with_parameters(
        0,
        1,
        RealmParameters {
            identity_cost_lamports: 1_000_000_000,
            ..rehearsal_parameters()
        },
    );
    for name in ["ada", "bob", "cyn"] {
        community.register(name, &[0]);
    }
    let treasury = community.treasury(0);
    community.world.airdrop(&treasury, 1_000_000_000_000);
    community.to_epoch(1);
    community
}

/// Votes with that many votes of each of the three to pay these amounts; it can be executed.
fn paying(community: &mut Community, votes: u32, amounts: &[u64]) -> Address {
    let payee = community.world.actor("payee").pubkey();
    let calls = amounts
        .iter()
        .map(|lamports| community.payment(0, &payee, *lamports))
        .collect();
    let proposal = community.propose(calls);
    community.carry(proposal, votes);
    community.decide(proposal);
    let from = community.proposal_state(proposal).executable_from_ts.get();
    community.world.warp_to(from);
    proposal
}

/// Exactly this leaves the lane in this epoch.
#[track_caller]
fn assert_cap(community: &mut Community, proposal: Address, rest: u8) {
    let exact = community.execution(proposal, 0);
    community.world.succeeds(exact, &[]);
    let more = community.execution(proposal, rest);
    community
        .world
        .fails_with(more, &[], error(GovernanceError::OutflowExceedsCap));
    community.assert_invariants();
}

#[test]
fn lamports_leave_up_to_the_identity_cost_of_those_who_voted() {
    // a twentieth of the lane would be 50 SOL
    let mut community = with_cost_of_one_sol();
    let proposal = paying(&mut community, 10, &[1_500_000_000, 1]);
    assert_cap(&mut community, proposal, 1);
}

#[test]
fn of_the_last_two_epochs_with_decisions_the_fewer_voters_count() {
    let mut community = with_cost_of_one_sol();
    // 1.5 persons in epoch 2, 0.75 in epoch 3: 0.75 SOL
    let first = paying(&mut community, 10, &[1_500_000_000]);
    assert_eq!(community.realm_state().voting_persons_q16(), 3 << 15);
    let fewer = paying(&mut community, 5, &[750_000_000, 1]);
    assert_cap(&mut community, fewer, 1);
    assert_eq!(community.proposal_state(first).status, Status::Succeeded as u8);
    // 0.75 and 1.5
    let after = paying(&mut community, 10, &[750_000_000, 1]);
    assert_cap(&mut community, after, 1);
    // 1.5 and 1.5, with two epochs in between in which nothing was decided
    let epoch = community.epoch();
    community.to_epoch(epoch + 2);
    let last = paying(&mut community, 10, &[1_500_000_000, 1]);
    assert_cap(&mut community, last, 1);
}

#[test]
fn the_most_voted_proposal_of_an_epoch_counts_passed_or_not() {
    let mut community = with_cost_of_one_sol();
    let payee = community.world.actor("payee").pubkey();
    let calls = [750_000_000, 1]
        .map(|lamports| community.payment(0, &payee, lamports))
        .to_vec();
    let small = community.propose(calls);
    let defeated = community.propose(vec![]);
    community.carry(small, 5);
    for member in 0..3 {
        community.cast(member, defeated, 0, 8);
    }
    community.decide(small);
    assert_eq!(community.realm_state().voting_persons_q16(), 3 << 14);
    community.finalize(defeated);
    assert_eq!(community.proposal_state(defeated).status, Status::Defeated as u8);
    // 24 of 20
    assert_eq!(community.realm_state().voting_persons_q16(), 6 * 65_536 / 5);
    // an order the other way round changes nothing: the larger stays
    let from = community.proposal_state(small).executable_from_ts.get();
    community.world.warp_to(from);
    let instruction = community.execution(small, 0);
    community.world.succeeds(instruction, &[]);
}

#[test]
fn a_decision_that_comes_late_counts_for_its_own_epoch() {
    let mut community = with_cost_of_one_sol();
    let late = community.propose(vec![]);
    community.carry(late, 10);
    let epoch_2 = community.propose(vec![]);
    community.carry(epoch_2, 4);
    community.decide(epoch_2);
    let epoch_3 = community.propose(vec![]);
    community.carry(epoch_3, 6);
    community.decide(epoch_3);
    let persons = |community: &Community| {
        community
            .realm_state()
            .voted
            .map(|voted| (voted.epoch.get(), voted.persons_q16.get()))
    };
    let before = persons(&community);
    assert_eq!(before.map(|voted| voted.0), [4, 3]);
    // of epoch 2, two epochs of decisions ago
    community.finalize(late);
    assert_eq!(persons(&community), before);
}

#[test]
fn before_the_first_decision_nobody_has_voted() {
    let community = with_cost_of_one_sol();
    assert_eq!(community.realm_state().voting_persons_q16(), 0);
}

#[test]
fn a_proposal_that_nobody_votes_on_does_not_close_the_treasury() {
    // alone in epoch 2, without quorum: an epoch of decisions by nobody would be the fewer of the last two
    let mut community = with_cost_of_one_sol();
    let junk = community.propose(vec![]);
    community.decide(junk);
    assert_eq!(community.proposal_state(junk).status, Status::Defeated as u8);
    let proposal = paying(&mut community, 10, &[1_500_000_000, 1]);
    assert_cap(&mut community, proposal, 1);
}

#[test]
fn the_identity_cost_of_the_epoch_binds_its_first_execution() {
    let mut community = with_cost_of_one_sol();
    let cheaper = RealmParameters {
        identity_cost_lamports: 500_000_000,
        ..rehearsal_parameters()
    };
    let vote = community.parameter_vote(cheaper);
    community.enact(vec![vote]);
    // voted on in epoch 3; half as much from epoch 4 on, in which nothing else is written before
    let proposal = paying(&mut community, 10, &[1_500_000_000, 750_000_000]);
    community.to_epoch(4);
    let instruction = community.execution(proposal, 0);
    community
        .world
        .fails_with(instruction.clone(), &[], error(GovernanceError::OutflowExceedsCap));
    community.world.warp(-1, 1);
    community.world.succeeds(instruction, &[]);
}
