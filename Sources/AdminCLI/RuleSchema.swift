import Foundation
import Rules
import Vocabulary

/// The form of a rule file as a JSON schema (draft 07, which editors of YAML understand): they complete keys and mark
/// mistakes while one writes.
struct RuleSchema {
    typealias Object = [String: Any]

    let language: RuleLanguage

    func json() throws -> String {
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try JSONSerialization.data(withJSONObject: root, options: options), as: UTF8.self)
    }

    private var root: Object {
        [
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "Rules of Postroom",
            "oneOf": [
                ["type": "array", "items": ref("rule")],
                object([
                    "include": texts, "rules": ["type": "array", "items": ref("rule")],
                    "lists": [
                        "type": "object",
                        "additionalProperties": ["oneOf": [texts, object(["file": text], required: ["file"])]],
                    ],
                    "conditions": ["type": "object", "additionalProperties": ref("condition")],
                ]),
            ],
            "definitions": [
                "rule": rule, "condition": condition, "actions": actions, "test": test, "textTest": textTest,
                "numberTest": numberTest,
            ],
        ]
    }

    private var rule: Object {
        object(
            [
                "name": described(text, "Shown by explain and counted by rules list."), "when": ref("condition"),
                "then": ref("actions"), "stop": described(flag, "No later rule is tried once this one has matched."),
                "tests": ["type": "array", "items": ref("test")],
            ], required: ["name", "when"])
    }

    private var condition: Object {
        let group: Object = ["type": "array", "minItems": 1, "items": ref("condition")]
        var properties: Object = ["all": group, "any": group, "none": group, "use": texts]
        for key in language.keys { properties[key.name] = value(of: key) }
        var result = object(properties)
        result["patternProperties"] = ["^header\\.[!-9;-~]+$": text(orTest: nil)]
        result["minProperties"] = 1
        return result
    }

    private func value(of key: RuleLanguage.Key) -> Object {
        switch key.form {
        case "text": text(orTest: nil)
        case "word": text(orTest: key.words)
        default: ["oneOf": [scalar, ["type": "array", "items": scalar], ref("numberTest")]]
        }
    }

    /// A value, a list of values, or a test.
    private func text(orTest words: [String]?) -> Object {
        guard let words else { return ["oneOf": [scalar, ["type": "array", "items": scalar], ref("textTest")]] }
        // true and false are booleans to an editor, and words to us.
        let values: [Any] =
            words == ["true", "false"] ? [true, false, "exists", "absent"] : words + ["exists", "absent"]
        let word: Object = ["enum": values]
        return ["oneOf": [word, ["type": "array", "items": word], ref("textTest")]]
    }

    private var textTest: Object {
        let operand: Object = ["oneOf": [scalar, object(["list": text], required: ["list"])]]
        let operands: Object = ["oneOf": [operand, ["type": "array", "items": operand]]]
        var properties: Object = [:]
        for test in language.textTests { properties[test] = ["exists", "absent"].contains(test) ? flag : operands }
        properties["in"] = texts
        return object(properties)
    }

    private var numberTest: Object {
        var properties: Object = [:]
        for test in language.numberTests {
            properties[test] =
                switch test {
                case "exists", "absent": flag
                case "between": ["type": "array", "items": scalar, "minItems": 2, "maxItems": 2]
                case "is": ["oneOf": [scalar, ["type": "array", "items": scalar]]]
                default: scalar
                }
        }
        return object(properties)
    }

    private var actions: Object {
        var properties: Object = [:]
        for action in language.actions {
            properties[action] =
                switch action {
                case "category": ["enum": language.categories]
                case "urgency": ["enum": language.urgencies]
                case "importance": ["enum": language.importances]
                case "complexity": ["enum": language.complexities]
                case "ask": ["type": "array", "items": ["enum": language.details]]
                case "tags", "watch", "notify": texts
                case "due": ["oneOf": [text, object(["first_response": text, "resolution": text])]]
                case "ignore": ["type": ["boolean", "string"]]
                case "quarantine": ["const": true]
                default: text
                }
        }
        return object(properties)
    }

    private var test: Object {
        let scalars: Object = ["oneOf": [scalar, ["type": "array", "items": scalar]]]
        var properties: Object = [
            "expect": ["enum": ["match", "no match"]], "tier": text,
            "header": ["type": "object", "additionalProperties": scalars],
        ]
        for key in language.keys { properties[key.name] = scalars }
        var result = object(properties, required: ["expect"])
        result["patternProperties"] = ["^header\\.": scalars]
        return result
    }

    // MARK: Small forms

    private var text: Object { ["type": "string"] }
    private var flag: Object { ["type": "boolean"] }
    private var scalar: Object { ["type": ["string", "number", "boolean"]] }
    private var texts: Object { ["oneOf": [text, ["type": "array", "items": text]]] }

    private func ref(_ name: String) -> Object { ["$ref": "#/definitions/\(name)"] }
    private func described(_ form: Object, _ words: String) -> Object { form.merging(["description": words]) { $1 } }

    private func object(_ properties: Object, required: [String] = []) -> Object {
        var form: Object = ["type": "object", "properties": properties, "additionalProperties": false]
        if !required.isEmpty { form["required"] = required }
        return form
    }
}
