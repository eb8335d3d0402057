//! Byte offsets of every account's fields, computed from the IDL.

use {
    crate::idl::Idl,
    serde_json::{json, Map, Value},
};

/// Bytes before an account's first field.
const DISCRIMINATOR: usize = 8;

/// `{account: {size, fields: {name: [offset, size]}}}`; every type of the suite has alignment 1, so offsets add up.
pub fn layouts(idl: &Idl) -> Value {
    let mut accounts = Map::new();
    for account in &idl.accounts {
        let shape = &idl.types.iter().find(|kind| kind.name == account.name).unwrap().shape;
        let mut offset = DISCRIMINATOR;
        let mut fields = Map::new();
        for field in shape["fields"].as_array().unwrap() {
            let size = size_of(idl, &field["type"]);
            fields.insert(field["name"].as_str().unwrap().into(), json!([offset, size]));
            offset += size;
        }
        accounts.insert(account.name.clone(), json!({ "size": offset, "fields": fields }));
    }
    Value::Object(accounts)
}

fn size_of(idl: &Idl, kind: &Value) -> usize {
    if let Some(name) = kind.as_str() {
        return match name {
            "u8" | "i8" | "bool" => 1,
            "u16" | "i16" => 2,
            "u32" | "i32" => 4,
            "u64" | "i64" => 8,
            "u128" | "i128" => 16,
            "pubkey" => 32,
            other => panic!("{other} has no fixed size"),
        };
    }
    if let Some([element, length]) = kind["array"].as_array().map(Vec::as_slice) {
        return size_of(idl, element) * length.as_u64().unwrap() as usize;
    }
    let name = kind["defined"]["name"]
        .as_str()
        .unwrap_or_else(|| panic!("{kind} has no fixed size"));
    let shape = &idl.types.iter().find(|kind| kind.name == name).unwrap().shape;
    if !shape["alias"].is_null() {
        return size_of(idl, &shape["alias"]);
    }
    match shape["kind"].as_str() {
        Some("enum") => 1,
        _ => shape["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| {
                size_of(
                    idl,
                    if field.is_object() && !field["type"].is_null() {
                        &field["type"]
                    } else {
                        field
                    },
                )
            })
            .sum(),
    }
}
