import Foundation
import Testing

@testable import Statistics

/// The oracle values of `Fixtures/experiments/experiments.json`, made by the `generate.py` beside it, which also says what
/// of the golden file is left out and why.
struct ExperimentGolden: Decodable {
    let cases: [Golden.Case]
    let groupSequential: [JSONValue]
    let goldenSpent: JSONValue
    let power: [JSONValue]
    let bayes: [JSONValue]
    let cuped: JSONValue
    let shifts: [JSONValue]

    static func load() throws -> ExperimentGolden {
        let url = try #require(
            Bundle.module.url(
                forResource: "experiments", withExtension: "json", subdirectory: "Fixtures/experiments"))
        return try JSONDecoder().decode(ExperimentGolden.self, from: Data(contentsOf: url))
    }

    /// At least one: a test over no case would always pass.
    static func cases(_ test: String) throws -> [Golden.Case] {
        let cases = try load().cases.filter { $0.test == test }
        try #require(!cases.isEmpty)
        return cases
    }
}

extension JSONValue {
    /// An arm by its n and successes, or n, sum and sum of squares.
    func arm() throws -> ArmSummary {
        let count = try self["n"].number()
        if case .number(let successes) = self["successes"] {
            return ArmSummary(successes: Int64(successes), of: Int64(count))
        }
        let sum = try self["sum"].number()
        guard case .number(let squares) = self["sum_squares"] else {
            return ArmSummary(successes: Int64(sum), of: Int64(count))
        }
        return ArmSummary(
            count: Int64(count), mean: sum / count, variance: (squares - sum * sum / count) / (count - 1))
    }
}

/// Statistics to 1e-9 and p-values to 1e-6, relative.
func expectStatistic(
    _ found: Double?, _ expected: JSONValue, _ id: String, location: SourceLocation = #_sourceLocation
) throws {
    let number = try expected.number()
    #expect(
        agree(found, number, within: 1e-9) || (number == 0 && found == 0),
        "\(id): \(found.map { "\($0)" } ?? "nil"), not \(number)", sourceLocation: location)
}

func expectPValue(
    _ found: Double?, _ expected: JSONValue, _ id: String, location: SourceLocation = #_sourceLocation
) throws {
    let number = try expected.number()
    #expect(
        agree(found, number, within: 1e-6), "\(id): \(found.map { "\($0)" } ?? "nil"), not \(number)",
        sourceLocation: location)
}

extension JSONValue {
    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
}
