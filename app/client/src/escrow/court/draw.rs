//! Which places a panel's seed draws next, and who of them may judge: computed here as the program does, so that a whole panel is
//! drawn in few transactions.

use {
    super::{juror_address, juror_seat_address, Bench, Case},
    crate::{
        escrow::{calls, instruction, metas},
        rpc::Rpc,
        Address, Result,
    },
    commonweal_interface::{ids, views::PersonView},
    compute_escrow::hash::drawing,
    solana_program::instruction::Instruction,
    std::collections::BTreeMap,
};

/// Places that are looked at ahead.
const LOOK_AHEAD: usize = 256;

/// One place of the jury, as a drawing meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The place.
    pub index: u32,
    /// The person there; none in an empty place.
    pub person: Option<Address>,
    /// Whether the place gets a seat.
    pub may_sit: bool,
}

/// The place that drawing `number` with `seed` meets among `places`.
fn place(seed: &[u8; 32], number: u32, places: u32) -> Option<u32> {
    let place = drawing(seed, number).checked_rem(u64::from(places))?;
    u32::try_from(place).ok()
}

/// The next places that a seed draws.
pub fn places(seed: &[u8; 32], first: u32, places: u32) -> impl Iterator<Item = u32> + '_ {
    (first..).map_while(move |number| place(seed, number, places))
}

/// The drawings up to the last seat the panel lacks, at most [`LOOK_AHEAD`]: `who` tells of a place the person there and whether
/// it may judge; nobody sits twice.
pub fn simulate(
    drawn: impl Iterator<Item = u32>,
    lacking: u8,
    who: impl Fn(u32) -> Option<(Address, bool)>,
) -> Vec<Candidate> {
    let (mut seated, mut made) = (Vec::new(), Vec::new());
    for index in drawn.take(LOOK_AHEAD) {
        if seated.len() >= usize::from(lacking) {
            break;
        }
        let found = who(index);
        let may_sit = found.is_some_and(|(person, may)| may && !seated.contains(&person));
        if let Some((person, _)) = found.filter(|_| may_sit) {
            seated.push(person);
        }
        made.push(Candidate {
            index,
            person: found.map(|(person, _)| person),
            may_sit,
        });
    }
    made
}

impl Case {
    /// The drawings that complete the panel, as far ahead as is looked.
    pub async fn drawings(&self, rpc: &Rpc) -> Result<Vec<Candidate>> {
        let dispute = &self.dispute;
        let bench = Bench::fetch(rpc, dispute.jury).await?;
        let now_ts = rpc.clock().await?.unix_ts;
        let seated: Vec<Address> = self
            .seats(rpc)
            .await?
            .into_iter()
            .map(|(_, seat)| seat.person)
            .collect();
        let addresses: Vec<Address> = bench.jurors.iter().map(|(_, juror)| juror.person).collect();
        let mut known = BTreeMap::new();
        for ((_, juror), state) in bench.jurors.iter().zip(rpc.accounts(&addresses).await?) {
            let person = state.and_then(|state| PersonView::read(&state.owner, &state.data).ok());
            let is_party = |wallet: &Address| {
                juror.person == dispute.defender_person
                    || dispute.parties.contains(wallet)
                    || dispute.appellants.contains(wallet)
                    || wallet == &dispute.client
            };
            let may = juror.enrolled_slot.get() < dispute.opened_slot.get()
                && juror.can_sit(dispute.terms.seat_fee_lamports.get())
                && !seated.contains(&juror.person)
                && person.is_some_and(|person| {
                    person.realm == dispute.realm && person.is_active(now_ts) && !is_party(&person.wallet)
                });
            known.insert(juror.index.get(), (juror.person, may));
        }
        let lacking = dispute.seats_needed().saturating_sub(dispute.seated);
        let [seed, _] = &dispute.seeds;
        let drawn = places(seed, dispute.next_draw.get(), dispute.places.get());
        Ok(simulate(drawn, lacking, |index| known.get(&index).copied()))
    }

    /// Draws a place. Anyone may; the cranker pays the seat's rent and earns the bounty.
    pub fn draw_panel(&self, cranker: Address, candidate: &Candidate) -> Instruction {
        let juror = juror_address(&self.dispute.jury, candidate.index);
        // an empty place has nobody whose seat could be named
        let person = candidate.person.unwrap_or(juror);
        let accounts = metas::DrawPanel {
            cranker,
            dispute: self.address,
            juror,
            person,
            seat: juror_seat_address(&self.address, &person),
            system_program: ids::SYSTEM,
        };
        instruction(accounts, calls::DrawPanel {})
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use {
        super::*,
        sha2::{Digest, Sha256},
    };

    #[test]
    fn a_drawing_is_the_first_eight_bytes_of_its_hash() {
        let seed = [9u8; 32];
        for number in [0u32, 1, 77] {
            let mut hasher = Sha256::new();
            hasher.update(b"commonweal:drw:1");
            hasher.update(seed);
            hasher.update(number.to_le_bytes());
            let digest: [u8; 32] = hasher.finalize().into();
            let expected = u64::from_le_bytes(*digest.first_chunk::<8>().unwrap()) % 13;
            assert_eq!(places(&seed, number, 13).next(), Some(u32::try_from(expected).unwrap()));
        }
        assert_eq!(places(&seed, 0, 0).next(), None);
    }

    #[test]
    fn drawings_end_with_the_last_seat_and_pass_over_holes_parties_and_the_seated() {
        let person = |byte: u8| Address::from([byte; 32]);
        let who = |index: u32| match index {
            0 => None,
            1 => Some((person(1), false)),
            other => Some((person(u8::try_from(other).unwrap()), true)),
        };
        let made = simulate([0, 1, 2, 2, 3, 4].into_iter(), 2, who);
        let seats: Vec<bool> = made.iter().map(|one| one.may_sit).collect();
        assert_eq!(seats, [false, false, true, false, true]);
        assert_eq!(made.first().unwrap().person, None);
        assert!(simulate([2].into_iter(), 0, who).is_empty());
    }
}
