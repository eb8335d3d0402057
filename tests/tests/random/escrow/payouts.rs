//! Payouts of slots.

use super::*;

pub(super) fn open_payout(game: &mut Game, play: &mut Play) {
    let slot = some_slot(game);
    let payer = some_actor(game);
    let index = game.world.rng.random_range(0..HELD_MINTS);
    let (mint, program) = match game.world.rng.random_range(0..12) {
        0 => (game.refused_mint.address, game.refused_mint.program),
        _ => (game.mints[index].address, game.mints[index].program),
    };
    open_payout_of(game, play, &slot, payer, mint, program);
}

pub(super) fn open_payout_of(
    game: &mut Game,
    play: &mut Play,
    slot: &Slot,
    payer: Address,
    mint: Address,
    program: Address,
) {
    play.step(format!("open_payout of {} in {mint} by {payer}", slot.address));
    let address = game.payout_of(&slot.address, &mint);
    let vault = ix::vault(&address).0;
    let instruction = ix::open_payout(payer, slot.address, mint, program);
    let taken = game.book.payouts.contains_key(&address).then(|| code(0));
    let is_refused = mint == game.refused_mint.address;
    let early = taken.or(is_refused.then(|| refusal(EscrowError::MintRefused)));
    let rents = [game.world.rent(256), game.world.rent(165)];
    attempt(game, play, "open_payout", &instruction, early, |book| {
        book.payouts.insert(
            address,
            Payout {
                address,
                vault,
                slot: slot.address,
                provider: slot.provider,
                config_id: slot.config_id,
                mint,
                rent_payer: payer,
                provider_atoms: [0; 3],
                fee_atoms: [0; 3],
            },
        );
        book.tokens.open(vault, mint, address);
        create(book, &payer, &address, rents[0])?;
        create(book, &payer, &vault, rents[1])
    });
}

pub(super) fn some_payout(game: &mut Game, wanted: impl Fn(&Payout) -> bool) -> Option<Payout> {
    let wild = is_wild(game);
    let all: Vec<Payout> = game
        .book
        .payouts
        .values()
        .filter(|p| wild || wanted(p))
        .cloned()
        .collect();
    some(game, &all)
}

pub(super) fn close_payout(game: &mut Game, play: &mut Play) {
    let Some(payout) = some_payout(game, |p| p.provider_atoms[0] == 0 && p.fee_atoms[0] == 0) else {
        return;
    };
    let slot = game.book.slots[&payout.slot].clone();
    let (provider, by) = scene(game, &slot, true);
    close_payout_of(game, play, &payout, &provider, by);
}

pub(super) fn close_payout_of(game: &mut Game, play: &mut Play, payout: &Payout, provider: &Provider, by: Address) {
    let spoil = some_spoil(game);
    let to = game.wallet(&payout.mint, &provider.authority);
    play.step(format!("close_payout {} by {by}, {spoil:?}", payout.address));
    let program = game.program(&payout.mint);
    let instruction = ix::close_payout(by, payout.slot, to, payout.rent_payer, payout.mint, program);
    let instruction = ix::with(instruction, 1, provider.address);
    let (instruction, early) = game.spoil(instruction, spoil, [Some(0), Some(3), Some(6), Some(7)]);
    attempt(game, play, "close_payout", &instruction, early, |book| {
        book.close_payout(&by, &provider.address, &payout.address, &to, spoil)
    });
}

pub(super) fn withdraw_payout(game: &mut Game, play: &mut Play) {
    let Some(payout) = some_payout(game, |p| p.provider_atoms[0] > 0) else {
        return;
    };
    let slot = game.book.slots[&payout.slot].clone();
    let (provider, by) = scene(game, &slot, true);
    let owner = some_actor(game);
    let to = game.wallet(&payout.mint, &owner);
    let spoil = some_spoil(game);
    play.step(format!("withdraw_payout {} by {by} to {to}, {spoil:?}", payout.address));
    let program = game.program(&payout.mint);
    let instruction = ix::withdraw_payout(by, payout.slot, to, payout.mint, program);
    let instruction = ix::with(instruction, 1, provider.address);
    let (instruction, early) = game.spoil(instruction, spoil, [Some(0), Some(3), Some(5), Some(6)]);
    attempt(game, play, "withdraw_payout", &instruction, early, |book| {
        book.withdraw_payout(&by, &provider.address, &payout.address, &to, spoil)
    });
}

pub(super) fn sweep_fees(game: &mut Game, play: &mut Play) {
    let Some(payout) = some_payout(game, |p| p.fee_atoms[0] > 0) else {
        return;
    };
    let config = match game.world.rng.random_range(0..20) {
        0 => some_config(game),
        _ => game.book.configs[&payout.config_id].clone(),
    };
    let owner = match game.world.rng.random_range(0..20) {
        0 => some_actor(game),
        _ => config.treasury,
    };
    let to = game.wallet(&payout.mint, &owner);
    let spoil = some_spoil(game);
    play.step(format!(
        "sweep_fees of {} under {} to {to}, {spoil:?}",
        payout.address, config.id
    ));
    let program = game.program(&payout.mint);
    let instruction = ix::sweep_fees(config.address, payout.slot, to, payout.mint, program);
    let (instruction, early) = game.spoil(instruction, spoil, [None, Some(2), Some(4), Some(5)]);
    attempt(game, play, "sweep_fees", &instruction, early, |book| {
        book.sweep(config.id, &payout.address, &to, spoil)
    });
}
