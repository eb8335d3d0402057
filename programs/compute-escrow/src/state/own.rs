//! Accounts of this program, as instructions receive them.

use {
    super::*,
    crate::errors::folded,
    anchor_lang::{prelude::*, AnchorAccount, IdlAccountType},
    core::{
        marker::PhantomData,
        mem::size_of,
        ops::{Deref, DerefMut},
    },
};

/// A state account of this program.
///
/// It checks what Anchor's `Account` checks (owner, discriminator, size, writability where state is changed), out of line: one
/// body for all accounts of all instructions instead of half a kilobyte for each. It counts no borrows; Anchor refuses the
/// same account twice in one instruction where one of both is writable, and nothing else hands out references to state.
/// A change of an account that is not marked `mut` in its accounts struct is the runtime's to refuse.
pub struct Own<T> {
    view: AccountView,
    state: PhantomData<T>,
}

/// Whether two addresses are the same; one body for all comparisons.
#[inline(never)]
pub fn same(one: &Address, other: &Address) -> bool {
    anchor_lang::address_eq(one, other)
}

/// Anchor's code for an account that should be writable.
const CONSTRAINT_MUT: u32 = 2_000;

/// Whether two hashes are the same; the body of [`same`].
#[inline(always)]
pub fn same_bytes(one: &[u8; 32], other: &[u8; 32]) -> bool {
    // SAFETY: an address is 32 bytes.
    unsafe { same(&*core::ptr::from_ref(one).cast(), &*core::ptr::from_ref(other).cast()) }
}

/// A kind of account, by its number in [`KINDS`].
pub trait Kind: bytemuck::Pod + Discriminator {
    /// The number.
    const KIND: usize;
}

/// First eight bytes of an account of a kind, and its length.
struct Shape {
    discriminator: u64,
    size: usize,
}

macro_rules! kinds {
    ($count:literal: $($number:literal $state:ty),*) => {
        $(impl Kind for $state {
            const KIND: usize = $number;
        })*

        /// Every kind of account. Whoever loads or creates one passes its number: one byte of code where discriminator and length
        /// are five instructions.
        static KINDS: [Shape; $count] = [$(Shape {
            discriminator: match <$state as Discriminator>::DISCRIMINATOR.first_chunk::<8>() {
                Some(head) => u64::from_le_bytes(*head),
                None => 0,
            },
            size: size_of::<$state>().saturating_add(8),
        }),*];
        $(const _: () = assert!(KINDS[$number].size == size_of::<$state>() + 8);)*
    };
}

kinds!(16: 0 EscrowConfig, 1 Provider, 2 Slot, 3 Job, 4 Payout, 5 PersonLink, 6 Attestation, 7 Bid, 8 Contribution, 9 Challenge, 10 Dispute,
    11 Jury, 12 Juror, 13 JurorSeat, 14 Lease, 15 Gang);

/// Length of a kind of account, and the eight bytes it begins with.
#[inline(always)]
pub(crate) fn shape_of(kind: usize) -> (u64, usize) {
    // the numbers are those of the table
    KINDS
        .get(kind)
        .map_or((0, usize::MAX), |shape| (shape.discriminator, shape.size))
}

/// What is wrong with an account, 0 if nothing: a code in a register, where a result would go through memory.
#[inline(never)]
fn check(view: &AccountView, kind: usize) -> u32 {
    let (discriminator, size) = shape_of(kind);
    if !view.owned_by(&crate::ID) {
        let is_nothing = view.lamports() == 0 && view.owned_by(&commonweal_interface::ids::SYSTEM);
        return if is_nothing {
            folded(ProgramError::UninitializedAccount)
        } else {
            folded(ProgramError::IllegalOwner)
        };
    }
    // SAFETY: the bytes are only read, before anybody holds a reference to the state.
    let data = unsafe { view.borrow_unchecked() };
    if data.len() < size {
        return folded(ProgramError::AccountDataTooSmall);
    }
    let head = data.first_chunk::<8>().map(|head| u64::from_le_bytes(*head));
    if head == Some(discriminator) {
        0
    } else {
        folded(ProgramError::InvalidAccountData)
    }
}

#[inline(never)]
fn check_writable(view: &AccountView, kind: usize) -> u32 {
    if !view.is_writable() {
        return CONSTRAINT_MUT;
    }
    // before the owner, as Anchor does it
    let (_, size) = shape_of(kind);
    if view.data_len() < size {
        return folded(ProgramError::AccountDataTooSmall);
    }
    check(view, kind)
}

impl<T: Kind> Own<T> {
    /// The account's address.
    #[inline(always)]
    pub fn address(&self) -> &Address {
        self.view.address()
    }

    /// An account that has just been created with `T`'s discriminator and size.
    ///
    /// # Safety
    ///
    /// No other reference to its state is alive.
    #[inline(always)]
    pub(crate) unsafe fn created(view: AccountView) -> Self {
        Self {
            view,
            state: PhantomData,
        }
    }
}

impl<T: Kind> AnchorAccount for Own<T> {
    type Data = T;
    const MIN_DATA_LEN: usize = size_of::<T>().saturating_add(8);

    #[inline(always)]
    fn load(view: AccountView) -> core::result::Result<Self, ProgramError> {
        match check(&view, T::KIND) {
            0 => Ok(Self {
                view,
                state: PhantomData,
            }),
            code => Err(ProgramError::Custom(code)),
        }
    }

    #[inline(always)]
    unsafe fn load_mut(view: AccountView) -> core::result::Result<Self, ProgramError> {
        match check_writable(&view, T::KIND) {
            // SAFETY: the caller's, as above.
            0 => Ok(unsafe { Self::created(view) }),
            code => Err(ProgramError::Custom(code)),
        }
    }

    #[inline(always)]
    fn account(&self) -> &AccountView {
        &self.view
    }
}

impl<T: bytemuck::Pod> Deref for Own<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        const { assert!(core::mem::align_of::<T>() == 1) };
        // SAFETY: the account has a discriminator and a `T` of alignment one, for as long as the instruction runs.
        unsafe { &*self.view.data_ptr().add(8).cast() }
    }
}

impl<T: bytemuck::Pod> DerefMut for Own<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above; the account was loaded to be written, and nothing else refers to its state.
        unsafe { &mut *self.view.data_mut_ptr().add(8).cast() }
    }
}

impl<T> AsRef<AccountView> for Own<T> {
    #[inline(always)]
    fn as_ref(&self) -> &AccountView {
        &self.view
    }
}

#[doc(hidden)]
impl<T: IdlAccountType> IdlAccountType for Own<T> {
    const __IDL_ACCOUNT_ENTRY: Option<&'static str> = T::__IDL_ACCOUNT_ENTRY;
    const __IDL_TYPE_DEF: Option<&'static str> = T::__IDL_TYPE_DEF;
    fn __idl_account_entry() -> Option<&'static str> {
        T::__idl_account_entry()
    }
    fn __idl_type_def() -> Option<&'static str> {
        T::__idl_type_def()
    }
    #[cfg(feature = "idl-build")]
    fn __register_idl_deps(accounts: &mut std::vec::Vec<&'static str>, types: &mut std::vec::Vec<&'static str>) {
        T::__register_idl_deps(accounts, types);
    }
}
