//! Golden bytes: what instructions and events look like on the wire, read by Borsh from the IDL's types alone.
//!
//! The programs encode arguments and events with encoders of their own. Here the `borsh` crate reads those bytes as the IDL
//! describes them and writes them again; every byte must be used and must come back. The committed file is what clients in
//! other languages are held against.

use {
    crate::{
        idl::{Idl, IdlField},
        scenario::ScenarioDef,
        world::Outcome,
    },
    base64::{engine::general_purpose::STANDARD, Engine},
    borsh::{BorshDeserialize, BorshSerialize},
    serde_json::{json, Map, Value},
    solana_keypair::Keypair,
};

/// What changes nothing, and so has nothing to tell: a quote answers by return data.
const SILENT: [&str; 1] = ["quote"];

/// `{instruction: {data, args, events: [{name, data, fields}]}}` of every scenario with seed 0; bytes in hexadecimal.
pub fn golden(idl: &Idl, scenarios: &[ScenarioDef]) -> Value {
    let mut all = Map::new();
    for described in &idl.instructions {
        let scenario = scenarios.iter().find(|it| it.instruction == described.name).unwrap();
        let mut made = (scenario.build)(0);
        let data = made.instruction.data.clone();
        let arguments = data.strip_prefix(described.discriminator.as_slice()).unwrap();
        let args = read_exactly(idl, &described.args, arguments);
        let companions = core::mem::take(&mut made.world.companions);
        let instructions = companions.around(&made.instruction);
        let signers: Vec<&Keypair> = made.signers.iter().chain(&companions.signers).collect();
        let logs = match made.world.send_paid_by(&made.signers[0], &instructions, &signers) {
            Outcome::Succeeded(receipt) => receipt.logs,
            Outcome::Failed { failure, .. } => panic!("{}: {failure:?}", described.name),
        };
        let events: Vec<Value> = logs
            .iter()
            .filter_map(|line| line.strip_prefix("Program data: "))
            .map(|text| event(idl, &STANDARD.decode(text).unwrap()))
            .collect();
        let is_silent = SILENT.contains(&described.name.as_str());
        assert_eq!(events.is_empty(), is_silent, "events of {}", described.name);
        all.insert(
            described.name.clone(),
            json!({ "data": hex(&data), "args": args, "events": events }),
        );
    }
    Value::Object(all)
}

fn event(idl: &Idl, data: &[u8]) -> Value {
    let described = idl
        .events
        .iter()
        .find(|event| data.starts_with(&event.discriminator))
        .unwrap_or_else(|| panic!("no event begins with {:?}", &data[..8]));
    let fields = fields_of(idl, &described.name);
    let values = read_exactly(idl, &fields, &data[described.discriminator.len()..]);
    json!({ "name": described.name, "data": hex(data), "fields": values })
}

/// Reads all fields from exactly these bytes and checks that writing them gives the bytes again.
fn read_exactly(idl: &Idl, fields: &[IdlField], bytes: &[u8]) -> Value {
    let mut rest = bytes;
    let mut values = Map::new();
    let mut written = Vec::new();
    for field in fields {
        values.insert(field.name.clone(), through(idl, &field.kind, &mut rest, &mut written));
    }
    assert!(rest.is_empty(), "{} bytes are left over", rest.len());
    assert_eq!(written, bytes, "Borsh writes other bytes");
    Value::Object(values)
}

fn fields_of(idl: &Idl, name: &str) -> Vec<IdlField> {
    let shape = &idl.types.iter().find(|kind| kind.name == name).unwrap().shape;
    serde_json::from_value(shape["fields"].clone()).unwrap()
}

/// Reads one value and writes it again.
fn through(idl: &Idl, kind: &Value, rest: &mut &[u8], written: &mut Vec<u8>) -> Value {
    macro_rules! number {
        ($($name:literal => $type:ty),*) => {
            match kind.as_str() {
                $(Some($name) => {
                    let value = <$type>::deserialize(rest).unwrap();
                    value.serialize(written).unwrap();
                    return json!(value.to_string());
                })*
                _ => {}
            }
        };
    }
    number!(
        "u8" => u8, "u16" => u16, "u32" => u32, "u64" => u64, "u128" => u128,
        "i8" => i8, "i16" => i16, "i32" => i32, "i64" => i64, "i128" => i128, "bool" => bool
    );
    if kind == "pubkey" {
        let value = <[u8; 32]>::deserialize(rest).unwrap();
        value.serialize(written).unwrap();
        return json!(solana_address::Address::new_from_array(value).to_string());
    }
    if let Some([element, length]) = kind["array"].as_array().map(Vec::as_slice) {
        let items: Vec<Value> = (0..length.as_u64().unwrap())
            .map(|_| through(idl, element, rest, written))
            .collect();
        return compact(element, items);
    }
    if !kind["option"].is_null() {
        let tag = u8::deserialize(rest).unwrap();
        tag.serialize(written).unwrap();
        return match tag {
            0 => Value::Null,
            1 => through(idl, &kind["option"], rest, written),
            other => panic!("{other} is no option's tag"),
        };
    }
    if !kind["vec"].is_null() {
        let length = u32::deserialize(rest).unwrap();
        length.serialize(written).unwrap();
        let items: Vec<Value> = (0..length).map(|_| through(idl, &kind["vec"], rest, written)).collect();
        return compact(&kind["vec"], items);
    }
    let name = kind["defined"]["name"]
        .as_str()
        .unwrap_or_else(|| panic!("{kind} is not a type of the wire"));
    let shape = &idl.types.iter().find(|kind| kind.name == name).unwrap().shape;
    if !shape["alias"].is_null() {
        return through(idl, &shape["alias"], rest, written);
    }
    if let Some(variants) = shape["variants"].as_array() {
        // enums of the wire carry no fields
        let tag = u8::deserialize(rest).unwrap();
        tag.serialize(written).unwrap();
        return variants[usize::from(tag)]["name"].clone();
    }
    let values = fields_of(idl, name)
        .iter()
        .map(|field| (field.name.clone(), through(idl, &field.kind, rest, written)))
        .collect();
    Value::Object(values)
}

/// Bytes as one hexadecimal word instead of a line each.
fn compact(element: &Value, items: Vec<Value>) -> Value {
    if element != "u8" {
        return Value::Array(items);
    }
    let bytes: Vec<u8> = items
        .iter()
        .map(|item| item.as_str().unwrap().parse().unwrap())
        .collect();
    json!(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
