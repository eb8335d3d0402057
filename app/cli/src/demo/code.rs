//! A program of two instructions, in two versions, so that the story can upgrade one by vote in a few transactions.

/// Bytes of an ELF header.
const HEADER_LEN: u64 = 64;
/// Bytes of a section's header.
const SECTION_LEN: u16 = 64;
/// Section names: none, the code's, their own.
const NAMES: &[u8] = b"\0.text\0.shstrtab\0";
/// Where the code's name begins among them.
const TEXT_NAME: u32 = 1;
/// Where the names' own name begins.
const NAMES_NAME: u32 = 7;
/// The virtual machine's number among those of ELF files.
const MACHINE_BPF: u16 = 247;
/// Kind of a section with code or data, of one with names.
const PROGBITS: u32 = 1;
const STRTAB: u32 = 3;
/// The code is loaded and executed.
const ALLOC_EXEC: u64 = 6;

/// A program that answers every call with `code`: zero is success, anything else a custom error.
pub fn answering(code: u32) -> Vec<u8> {
    // mov64 r0, code; exit
    let mut text = vec![0xb7, 0, 0, 0];
    text.extend_from_slice(&code.to_le_bytes());
    text.extend_from_slice(&[0x95, 0, 0, 0, 0, 0, 0, 0]);
    let len = |bytes: &[u8]| u64::try_from(bytes.len()).unwrap_or(0);
    let text_at = HEADER_LEN;
    let names_at = text_at.saturating_add(len(&text));
    let sections_at = names_at.saturating_add(len(NAMES)).next_multiple_of(8);

    // 64 bits, little-endian, version 1
    let mut file = vec![0x7f, b'E', b'L', b'F', 2, 1, 1];
    file.resize(16, 0);
    for half in [3u16, MACHINE_BPF] {
        file.extend_from_slice(&half.to_le_bytes());
    }
    file.extend_from_slice(&1u32.to_le_bytes());
    // entry, program headers, section headers
    for word in [text_at, HEADER_LEN, sections_at] {
        file.extend_from_slice(&word.to_le_bytes());
    }
    file.extend_from_slice(&0u32.to_le_bytes());
    // lengths and counts: this header, 56 a program header and none of them, sections, three of them, the third holds the names
    for half in [64u16, 56, 0, SECTION_LEN, 3, 2] {
        file.extend_from_slice(&half.to_le_bytes());
    }
    file.extend_from_slice(&text);
    file.extend_from_slice(NAMES);
    file.resize(usize::try_from(sections_at).unwrap_or(0), 0);
    file.resize(file.len().saturating_add(usize::from(SECTION_LEN)), 0);
    for (name, kind, flags, at, size) in [
        (TEXT_NAME, PROGBITS, ALLOC_EXEC, text_at, len(&text)),
        (NAMES_NAME, STRTAB, 0, names_at, len(NAMES)),
    ] {
        file.extend_from_slice(&name.to_le_bytes());
        file.extend_from_slice(&kind.to_le_bytes());
        // flags, address, offset, size
        for word in [flags, if flags == 0 { 0 } else { at }, at, size] {
            file.extend_from_slice(&word.to_le_bytes());
        }
        // link, info; alignment, entry size
        file.extend_from_slice(&0u64.to_le_bytes());
        for word in [if flags == 0 { 1u64 } else { 8 }, 0] {
            file.extend_from_slice(&word.to_le_bytes());
        }
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_versions_differ_in_their_answer_alone() {
        let (old, new) = (answering(7), answering(0));
        assert_eq!(old.len(), new.len());
        let differing: Vec<usize> = old
            .iter()
            .zip(&new)
            .enumerate()
            .filter(|(_, (old, new))| old != new)
            .map(|(place, _)| place)
            .collect();
        assert_eq!(differing, [68]);
    }
}
