//! Extensions of Token-2022 mints, each made by the program's own instruction.

use {
    commonweal_interface::ids,
    solana_address::Address,
    solana_instruction::Instruction,
    spl_token_2022_interface::{
        extension::{
            confidential_mint_burn, confidential_transfer, confidential_transfer_fee, default_account_state,
            group_member_pointer, group_pointer, interest_bearing_mint, metadata_pointer, pausable, permissioned_burn,
            scaled_ui_amount, transfer_fee, transfer_hook, ExtensionType,
        },
        instruction as token,
        state::AccountState,
    },
};

/// An extension of a Token-2022 mint. The mint's authority is the extension's, where it has one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MintExtension {
    /// Keeps ⌈amount·bps/10⁴⌉, at most `maximum_atoms`, of each transfer.
    TransferFee {
        /// Basis points.
        basis_points: u16,
        /// Upper bound of one transfer's fee.
        maximum_atoms: u64,
    },
    /// Calls a program in each transfer.
    TransferHook,
    /// Somebody can move every holder's tokens.
    PermanentDelegate,
    /// Somebody can stop every transfer.
    Pausable,
    /// New accounts start frozen.
    DefaultFrozen,
    /// New accounts start usable, until somebody decides that they start frozen.
    DefaultUsable,
    /// Amounts may be hidden.
    Confidential,
    /// Withheld fees may be hidden. Needs `TransferFee` and `Confidential` beside it.
    ConfidentialFee,
    /// Minting and burning may be hidden. Needs `Confidential` beside it.
    ConfidentialMintBurn,
    /// The mint may be closed.
    MintClose,
    /// Holders cannot transfer.
    NonTransferable,
    /// A factor scales the shown amount.
    ScaledUiAmount,
    /// Interest scales the shown amount.
    InterestBearing,
    /// Burning needs somebody's signature.
    PermissionedBurn,
    /// Says where the description is: in the mint.
    MetadataPointer,
    /// The description. Needs `MetadataPointer` before it.
    Metadata,
    /// Says where the group is: in the mint.
    GroupPointer,
    /// The group. Needs `GroupPointer` before it.
    Group,
    /// Says where the membership of a group is: in the mint.
    GroupMemberPointer,
    /// The membership of a group. Needs `GroupMemberPointer` before it.
    GroupMember {
        /// The mint that is the group.
        of: Address,
    },
}

impl MintExtension {
    /// What Token-2022 calls it.
    pub fn kind(self) -> ExtensionType {
        match self {
            Self::TransferFee { .. } => ExtensionType::TransferFeeConfig,
            Self::TransferHook => ExtensionType::TransferHook,
            Self::PermanentDelegate => ExtensionType::PermanentDelegate,
            Self::Pausable => ExtensionType::Pausable,
            Self::DefaultFrozen | Self::DefaultUsable => ExtensionType::DefaultAccountState,
            Self::Confidential => ExtensionType::ConfidentialTransferMint,
            Self::ConfidentialFee => ExtensionType::ConfidentialTransferFeeConfig,
            Self::ConfidentialMintBurn => ExtensionType::ConfidentialMintBurn,
            Self::MintClose => ExtensionType::MintCloseAuthority,
            Self::NonTransferable => ExtensionType::NonTransferable,
            Self::ScaledUiAmount => ExtensionType::ScaledUiAmount,
            Self::InterestBearing => ExtensionType::InterestBearingConfig,
            Self::PermissionedBurn => ExtensionType::PermissionedBurn,
            Self::MetadataPointer => ExtensionType::MetadataPointer,
            Self::Metadata => ExtensionType::TokenMetadata,
            Self::GroupPointer => ExtensionType::GroupPointer,
            Self::Group => ExtensionType::TokenGroup,
            Self::GroupMemberPointer => ExtensionType::GroupMemberPointer,
            Self::GroupMember { .. } => ExtensionType::TokenGroupMember,
        }
    }

    /// Whether it is added to a finished mint, which grows by it.
    pub(super) fn is_added_later(&self) -> bool {
        matches!(self, Self::Metadata | Self::Group | Self::GroupMember { .. })
    }

    /// What Token-2022 demands of every account of such a mint.
    pub(super) fn demanded_of_accounts(&self) -> &'static [ExtensionType] {
        match self {
            Self::TransferFee { .. } => &[ExtensionType::TransferFeeAmount],
            Self::TransferHook => &[ExtensionType::TransferHookAccount],
            Self::Pausable => &[ExtensionType::PausableAccount],
            Self::NonTransferable => &[ExtensionType::NonTransferableAccount, ExtensionType::ImmutableOwner],
            _ => &[],
        }
    }

    /// The instruction before `InitializeMint`.
    pub fn initialize(self, program: &Address, mint: &Address, authority: Address) -> Instruction {
        let some = Some(authority);
        let default_state =
            |state| default_account_state::instruction::initialize_default_account_state(program, mint, &state);
        match self {
            Self::TransferFee {
                basis_points,
                maximum_atoms,
            } => transfer_fee::instruction::initialize_transfer_fee_config(
                program,
                mint,
                Some(&authority),
                Some(&authority),
                basis_points,
                maximum_atoms,
            ),
            Self::TransferHook => {
                transfer_hook::instruction::initialize(program, mint, some, Some(ids::COMPUTE_ESCROW))
            }
            Self::PermanentDelegate => token::initialize_permanent_delegate(program, mint, &authority),
            Self::Pausable => pausable::instruction::initialize(program, mint, &authority),
            Self::DefaultFrozen => default_state(AccountState::Frozen),
            Self::DefaultUsable => default_state(AccountState::Initialized),
            Self::Confidential => confidential_transfer::instruction::initialize_mint(program, mint, some, true, None),
            Self::ConfidentialFee => {
                confidential_transfer_fee::instruction::initialize_confidential_transfer_fee_config(
                    program,
                    mint,
                    some,
                    &Default::default(),
                )
            }
            Self::ConfidentialMintBurn => confidential_mint_burn::instruction::initialize_mint(
                program,
                mint,
                &Default::default(),
                &Default::default(),
            ),
            Self::MintClose => token::initialize_mint_close_authority(program, mint, Some(&authority)),
            Self::NonTransferable => token::initialize_non_transferable_mint(program, mint),
            Self::ScaledUiAmount => scaled_ui_amount::instruction::initialize(program, mint, some, 2.0),
            Self::InterestBearing => interest_bearing_mint::instruction::initialize(program, mint, some, 100),
            Self::PermissionedBurn => permissioned_burn::instruction::initialize(program, mint, &authority),
            Self::MetadataPointer => metadata_pointer::instruction::initialize(program, mint, some, Some(*mint)),
            Self::GroupPointer => group_pointer::instruction::initialize(program, mint, some, Some(*mint)),
            Self::GroupMemberPointer => group_member_pointer::instruction::initialize(program, mint, some, Some(*mint)),
            Self::Metadata | Self::Group | Self::GroupMember { .. } => {
                unreachable!("{self:?} is added to a finished mint")
            }
        }
        .unwrap()
    }

    /// The instruction that adds it to a finished mint; `groups` lets members into groups.
    pub(super) fn add(self, program: &Address, mint: &Address, authority: Address, groups: Address) -> Instruction {
        match self {
            Self::Metadata => spl_token_metadata_interface::instruction::initialize(
                program,
                mint,
                &authority,
                mint,
                &authority,
                "Commonweal test token".into(),
                "CTT".into(),
                "about:blank".into(),
            ),
            Self::Group => spl_token_group_interface::instruction::initialize_group(
                program,
                mint,
                mint,
                &authority,
                Some(groups),
                10,
            ),
            Self::GroupMember { of } => {
                spl_token_group_interface::instruction::initialize_member(program, mint, mint, &authority, &of, &groups)
            }
            other => unreachable!("{other:?} is there before the mint is finished"),
        }
    }
}
