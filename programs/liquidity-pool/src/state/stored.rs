//! Accounts of this program, checked out of line.

use {
    anchor_lang::prelude::*,
    core::{
        mem::ManuallyDrop,
        ops::{Deref, DerefMut},
    },
};

/// An [`Account`] whose checks (owner, discriminator, length, borrows) are one function for every instruction that asks,
/// instead of 55 instructions of bytecode in each. They are Anchor's own.
///
/// It is not dropped either: at the end of an instruction nobody asks any more whether an account is in use, and taking that
/// back is 26 instructions. For whatever is not a swap: it costs about 15 CU more.
pub struct Stored<T>(ManuallyDrop<Account<T>>)
where
    T: bytemuck::Pod + Owner + Discriminator;

#[inline(never)]
fn load<T>(view: AccountView) -> core::result::Result<Account<T>, ProgramError>
where
    T: bytemuck::Pod + Owner + Discriminator,
{
    Account::load(view)
}

/// # Safety
///
/// That of [`AnchorAccount::load_mut`].
#[inline(never)]
pub(crate) unsafe fn load_mut<T>(view: AccountView) -> core::result::Result<Account<T>, ProgramError>
where
    T: bytemuck::Pod + Owner + Discriminator,
{
    // SAFETY: the caller's.
    unsafe { Account::load_mut(view) }
}

impl<T> AnchorAccount for Stored<T>
where
    T: bytemuck::Pod + Owner + Discriminator,
{
    type Data = Account<T>;

    const MIN_DATA_LEN: usize = <Account<T> as AnchorAccount>::MIN_DATA_LEN;
    const RELAX_READONLY_CPI_BORROW_FROM_MUT: bool = <Account<T> as AnchorAccount>::RELAX_READONLY_CPI_BORROW_FROM_MUT;

    #[inline(always)]
    fn load(view: AccountView) -> core::result::Result<Self, ProgramError> {
        Ok(Self(ManuallyDrop::new(load(view)?)))
    }

    #[inline(always)]
    unsafe fn load_mut(view: AccountView) -> core::result::Result<Self, ProgramError> {
        // SAFETY: the caller's.
        let account = unsafe { load_mut(view)? };
        Ok(Self(ManuallyDrop::new(account)))
    }

    #[inline(always)]
    fn account(&self) -> &AccountView {
        self.0.account()
    }
}

impl<T> Deref for Stored<T>
where
    T: bytemuck::Pod + Owner + Discriminator,
{
    type Target = Account<T>;

    #[inline(always)]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> DerefMut for Stored<T>
where
    T: bytemuck::Pod + Owner + Discriminator,
{
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

#[cfg(feature = "idl-build")]
impl<T> anchor_lang::IdlAccountType for Stored<T>
where
    T: bytemuck::Pod + Owner + Discriminator + anchor_lang::IdlAccountType,
{
    const __IDL_ACCOUNT_ENTRY: Option<&'static str> = T::__IDL_ACCOUNT_ENTRY;
    const __IDL_TYPE_DEF: Option<&'static str> = T::__IDL_TYPE_DEF;

    fn __register_idl_deps(accounts: &mut std::vec::Vec<&'static str>, types: &mut std::vec::Vec<&'static str>) {
        T::__register_idl_deps(accounts, types);
    }
}
