//! A program of two instructions, in two versions, so that the story can upgrade one by vote in a few transactions.

/// Bytes of an ELF header, and of one program header.
const HEADER_LEN: u16 = 64;
/// See [`HEADER_LEN`].
const SEGMENT_LEN: u16 = 56;
/// The virtual machine's number among those of ELF files.
const MACHINE_BPF: u16 = 247;
/// The version of its instructions: strict headers, no sections.
const SBPF_VERSION: u32 = 3;
/// Where code is in the machine's memory.
const CODE_AT: u64 = 1 << 32;
/// A segment that is loaded; it is code.
const LOAD: u32 = 1;
/// See [`LOAD`].
const EXECUTABLE: u32 = 1;

/// A program that answers every call with `code`: zero is success, anything else a custom error.
pub fn answering(code: u32) -> Vec<u8> {
    // mov64 r0, code; exit
    let mut text = vec![0xb7, 0, 0, 0];
    text.extend_from_slice(&code.to_le_bytes());
    text.extend_from_slice(&[0x95, 0, 0, 0, 0, 0, 0, 0]);
    let len = u64::try_from(text.len()).unwrap_or(0);

    // 64 bits, little-endian, version 1
    let mut file = vec![0x7f, b'E', b'L', b'F', 2, 1, 1];
    file.resize(16, 0);
    // a shared object
    for half in [3, MACHINE_BPF] {
        file.extend_from_slice(&half.to_le_bytes());
    }
    file.extend_from_slice(&1u32.to_le_bytes());
    // entry, program headers, no section headers
    for word in [CODE_AT, u64::from(HEADER_LEN), 0] {
        file.extend_from_slice(&word.to_le_bytes());
    }
    file.extend_from_slice(&SBPF_VERSION.to_le_bytes());
    // one program header, no sections
    for half in [HEADER_LEN, SEGMENT_LEN, 1, 64, 0, 0] {
        file.extend_from_slice(&half.to_le_bytes());
    }
    for half in [LOAD, EXECUTABLE] {
        file.extend_from_slice(&half.to_le_bytes());
    }
    let text_at = u64::from(HEADER_LEN.saturating_add(SEGMENT_LEN));
    // where in the file, where in memory (twice), how long in both, no alignment
    for word in [text_at, CODE_AT, CODE_AT, len, len, 0] {
        file.extend_from_slice(&word.to_le_bytes());
    }
    file.extend_from_slice(&text);
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_versions_differ_in_their_answer_alone() {
        let (old, new) = (answering(7), answering(0));
        let differing: Vec<usize> = old
            .iter()
            .zip(&new)
            .enumerate()
            .filter(|(_, (old, new))| old != new)
            .map(|(place, _)| place)
            .collect();
        // the first byte of the first instruction's number, behind both headers
        assert_eq!((old.len(), new.len(), differing), (136, 136, vec![124]));
    }
}
