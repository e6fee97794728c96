import Foundation
import Testing

/// The oracle values of `Fixtures/golden.json`, made by `Fixtures/generate.py`.
struct Golden: Decodable {
    struct Case: Decodable, CustomTestStringConvertible, Sendable {
        let id: String
        let test: String
        let inputs: JSONValue
        let expected: JSONValue

        var testDescription: String { id }
    }

    struct Pair: Decodable, Sendable {
        let a: [Double]
        let b: [Double]
        let statistic: Double
        let exact: Double
        let asymp: Double
    }

    let cases: [Case]
    let kstwo: [[Double]]
    let ksone: [[Double]]
    let kolmogorov: [[Double]]
    let kolmogorovSmirnovPairs: [Pair]
    let gTest: [JSONValue]
    let proportions: [JSONValue]
    let fisher: [JSONValue]
    let ranks: [JSONValue]

    static func load() throws -> Golden {
        let url = try #require(
            Bundle.module.url(forResource: "golden", withExtension: "json", subdirectory: "Fixtures"))
        return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    }

    /// At least one: a test over no case would always pass.
    static func cases(_ test: String) throws -> [Case] {
        let cases = try load().cases.filter { $0.test == test }
        try #require(!cases.isEmpty)
        return cases
    }
}

/// Any JSON; the numbers of the fixtures may also be the texts `nan` and `inf`.
indirect enum JSONValue: Decodable, Sendable {
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])
    case null

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .number(flag ? 1 : 0)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSONValue].self))
        }
    }

    subscript(key: String) -> JSONValue {
        if case .object(let members) = self { members[key] ?? .null } else { .null }
    }

    func number() throws -> Double {
        guard case .number(let number) = self else { throw Mismatch() }
        return number
    }

    func list() throws -> [JSONValue] {
        guard case .list(let list) = self else { throw Mismatch() }
        return list
    }

    func numbers() throws -> [Double] { try list().map { try $0.number() } }

    func counts() throws -> [Int64] { try numbers().map { Int64($0) } }

    struct Mismatch: Error {}
}

/// Whether two numbers agree to a relative tolerance (absolute below 1 where `absolute`).
func agree(_ found: Double?, _ expected: Double, within tolerance: Double, absolute: Bool = false) -> Bool {
    guard let found else { return false }
    let scale = absolute ? max(1, expected.magnitude) : expected.magnitude
    return (found - expected).magnitude <= tolerance * scale
}
