//! Canaries: parts of the work whose outputs the client knows. The specification binds their tree, the result is the root of the
//! tree of outputs, and one proof shows a wrong output without showing the rest.

use {
    super::wasm::{hex, sha256},
    crate::{Error, Result},
    compute_escrow::{
        constants::MAX_TREE_DEPTH,
        hash::{canary_spec, digest_of, CANARY_LEAF_TAG, NODE_TAG, OUTPUT_LEAF_TAG},
        instructions::CanaryProof,
    },
    serde::{Deserialize, Serialize},
};

/// Most leaves of a tree.
pub const MAX_LEAVES: usize = 1 << MAX_TREE_DEPTH;

/// A Merkle tree: all levels, the leaves first. A level of odd length is filled up with zeros, which no leaf is.
pub struct Tree {
    levels: Vec<Vec<[u8; 32]>>,
}

impl Tree {
    /// The tree over `leaves`, at least one and at most [`MAX_LEAVES`].
    pub fn new(leaves: Vec<[u8; 32]>) -> Result<Self> {
        if leaves.is_empty() || leaves.len() > MAX_LEAVES {
            let what = format!("a tree of {} leaves", leaves.len());
            return Err(Error::refused(what, format!("Give one to {MAX_LEAVES}")));
        }
        let mut levels = vec![leaves];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            let above = below
                .chunks(2)
                .map(|pair| {
                    let left = pair.first().copied().unwrap_or_default();
                    let right = pair.get(1).copied().unwrap_or_default();
                    digest_of(NODE_TAG, &[&left, &right])
                })
                .collect();
            levels.push(above);
        }
        Ok(Self { levels })
    }

    /// Its root.
    pub fn root(&self) -> [u8; 32] {
        let top = self.levels.last().and_then(|level| level.first());
        top.copied().unwrap_or_default()
    }

    /// The siblings of a leaf, the lowest first, and how many they are.
    pub fn path(&self, position: usize) -> ([[u8; 32]; MAX_TREE_DEPTH], u8) {
        let (mut path, mut depth, mut at) = ([[0; 32]; MAX_TREE_DEPTH], 0u8, position);
        for (level, space) in self.levels.iter().filter(|level| level.len() > 1).zip(&mut path) {
            *space = level.get(at ^ 1).copied().unwrap_or_default();
            at >>= 1;
            depth = depth.saturating_add(1);
        }
        (path, depth)
    }
}

/// The leaf of an output: its place and the hash of its bytes.
fn output_leaf(index: u32, output: &[u8; 32]) -> [u8; 32] {
    digest_of(OUTPUT_LEAF_TAG, &[&index.to_le_bytes(), output])
}

/// The tree of a result's outputs, by the hashes of their bytes in order; its root is the result of a canary job.
pub fn outputs_tree(outputs: &[[u8; 32]]) -> Result<Tree> {
    let leaves = (0u32..).zip(outputs).map(|(index, output)| output_leaf(index, output));
    Tree::new(leaves.collect())
}

/// One canary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canary {
    /// Which output of the result it is.
    pub index: u32,
    /// SHA-256 of the output it must have.
    pub expected: [u8; 32],
    /// Random; without it a worker could try which outputs are canaries.
    pub salt: [u8; 32],
}

/// All canaries of a job: the client's secret until it proves one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canaries {
    /// SHA-256 of the rest of the specification.
    pub body_hash: [u8; 32],
    /// The canaries, in the order of their tree.
    pub canaries: Vec<Canary>,
}

impl Canaries {
    /// Canaries with new salts, for a job whose specification without them is `body`.
    pub fn new(body: &[u8], expected: &[(u32, [u8; 32])]) -> Result<Self> {
        let canaries = expected
            .iter()
            .map(|(index, expected)| Canary {
                index: *index,
                expected: *expected,
                salt: super::kept::random(),
            })
            .collect();
        let made = Self {
            body_hash: sha256(body),
            canaries,
        };
        made.tree()?;
        Ok(made)
    }

    /// Reads what [`Self::to_text`] wrote.
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text)
            .map_err(|error| Error::local("the canaries", error, "Name the file that `job canary new` wrote"))
    }

    /// As text, to be kept secret.
    pub fn to_text(&self) -> Result<String> {
        serde_json::to_string(self)
            .map_err(|error| Error::local("the canaries", error, "This is a fault of the program"))
    }

    /// Their tree.
    pub fn tree(&self) -> Result<Tree> {
        let leaf = |canary: &Canary| {
            digest_of(
                CANARY_LEAF_TAG,
                &[&canary.index.to_le_bytes(), &canary.expected, &canary.salt],
            )
        };
        Tree::new(self.canaries.iter().map(leaf).collect())
    }

    /// The `spec_hash` of a job with them.
    pub fn spec_hash(&self) -> Result<[u8; 32]> {
        Ok(canary_spec(&self.body_hash, &self.tree()?.root()))
    }

    /// The first canary whose output in a result is another, with its proof; none where all are right.
    pub fn first_wrong(&self, outputs: &[[u8; 32]]) -> Result<Option<CanaryProof>> {
        let at = |index: u32| usize::try_from(index).ok().and_then(|at| outputs.get(at));
        let (canaries, result) = (self.tree()?, outputs_tree(outputs)?);
        for (position, canary) in (0usize..).zip(&self.canaries) {
            let output = at(canary.index).ok_or_else(|| {
                let what = format!("canary {} is not among {} outputs", canary.index, outputs.len());
                Error::refused(what, "Give all outputs of the result, in order")
            })?;
            if output == &canary.expected {
                continue;
            }
            let (canary_path, canary_depth) = canaries.path(position);
            let (output_path, output_depth) = result.path(usize::try_from(canary.index).unwrap_or_default());
            return Ok(Some(CanaryProof {
                index: canary.index,
                position: u32::try_from(position).unwrap_or_default(),
                body_hash: self.body_hash,
                expected: canary.expected,
                salt: canary.salt,
                output: *output,
                canary_path,
                output_path,
                canary_depth,
                output_depth,
            }));
        }
        Ok(None)
    }

    /// [`Self::first_wrong`], or why there is nothing to prove.
    pub fn prove(&self, outputs: &[[u8; 32]], result: &[u8; 32]) -> Result<CanaryProof> {
        let root = outputs_tree(outputs)?.root();
        if &root != result {
            let what = format!("these outputs make {}, the job's result is {}", hex(&root), hex(result));
            return Err(Error::refused(what, "Give the outputs that the worker published"));
        }
        self.first_wrong(outputs)?.ok_or_else(|| {
            Error::refused(
                "every canary has the output it should have",
                "There is nothing to prove",
            )
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use {
        super::*,
        sha2::{Digest, Sha256},
    };

    /// SHA-256 of the parts, without the program's helpers.
    fn sha(parts: &[&[u8]]) -> [u8; 32] {
        let mut hasher = Sha256::new();
        parts.iter().for_each(|part| hasher.update(part));
        hasher.finalize().into()
    }

    fn leaf(index: u32, output: &[u8; 32]) -> [u8; 32] {
        sha(&[b"commonweal:out:1", &index.to_le_bytes(), output])
    }

    fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        sha(&[b"commonweal:nod:1", left, right])
    }

    #[test]
    fn a_tree_of_three_is_filled_up_with_zeros() {
        let outputs = [[1; 32], [2; 32], [3; 32]];
        let left = node(&leaf(0, &outputs[0]), &leaf(1, &outputs[1]));
        let right = node(&leaf(2, &outputs[2]), &[0; 32]);
        let tree = outputs_tree(&outputs).unwrap();
        assert_eq!(tree.root(), node(&left, &right));
        let (path, depth) = tree.path(2);
        assert_eq!((depth, path[0], path[1]), (2, [0; 32], left));
    }

    /// Walks a proof as the program does.
    fn root_of(leaf: [u8; 32], mut position: u32, path: &[[u8; 32]]) -> [u8; 32] {
        let mut found = leaf;
        for sibling in path {
            found = if position.is_multiple_of(2) {
                node(&found, sibling)
            } else {
                node(sibling, &found)
            };
            position /= 2;
        }
        found
    }

    #[test]
    fn a_wrong_canary_is_proved_under_both_roots() {
        for count in [2usize, 3, 5, 8, 200, 256] {
            let outputs: Vec<[u8; 32]> = (0..count).map(|at| sha(&[&at.to_le_bytes()])).collect();
            let last = u32::try_from(count - 1).unwrap();
            let canaries = Canaries::new(b"body", &[(0, outputs[0]), (last, [9; 32]), (1, [8; 32])]).unwrap();
            let proof = canaries
                .prove(&outputs, &outputs_tree(&outputs).unwrap().root())
                .unwrap();
            assert_eq!(
                (proof.index, proof.position, proof.output),
                (last, 1, outputs[count - 1])
            );
            let path = &proof.output_path[..usize::from(proof.output_depth)];
            assert_eq!(
                root_of(leaf(last, &proof.output), last, path),
                outputs_tree(&outputs).unwrap().root()
            );
            let canary = sha(&[b"commonweal:cnl:1", &last.to_le_bytes(), &[9; 32], &proof.salt]);
            let path = &proof.canary_path[..usize::from(proof.canary_depth)];
            let root = root_of(canary, 1, path);
            let spec = sha(&[b"commonweal:can:1", &sha(&[b"body"]), &root]);
            assert_eq!(canaries.spec_hash().unwrap(), spec);
        }
    }

    #[test]
    fn right_canaries_and_foreign_outputs_prove_nothing() {
        let outputs = [[1; 32], [2; 32]];
        let canaries = Canaries::new(b"body", &[(1, [2; 32])]).unwrap();
        let root = outputs_tree(&outputs).unwrap().root();
        assert!(canaries.prove(&outputs, &root).is_err());
        assert!(canaries.prove(&outputs, &[0; 32]).is_err());
        assert!(canaries.first_wrong(&outputs[..1]).is_err());
        assert!(outputs_tree(&[]).is_err());
        assert!(outputs_tree(&[[0; 32]; 257]).is_err());
        let text = canaries.to_text().unwrap();
        assert_eq!(Canaries::parse(&text).unwrap(), canaries);
    }

    #[test]
    fn salts_differ() {
        let canaries = Canaries::new(b"", &[(0, [1; 32]), (1, [1; 32])]).unwrap();
        assert_ne!(canaries.canaries[0].salt, canaries.canaries[1].salt);
    }
}
