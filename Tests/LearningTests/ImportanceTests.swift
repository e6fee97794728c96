import Foundation
import Statistics
import Testing

@testable import Learning

@Suite struct ImportanceTests {
    private func fixture(_ name: String) throws -> Data {
        try Data(
            contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("Fixtures/importance/\(name)"))
    }

    /// A model that Python trained and saved, and what Python says of it: `Booster.get_score(importance_type=…)`.
    @Test func importancesAreThoseOfPython() throws {
        let scores = try JSONDecoder().decode([String: [String: Double]].self, from: fixture("importance.json"))
        let gains = try #require(scores["total_gain"])
        let names = ["amount", "age", "noise", "idle"]
        let header = ModelHeader(
            schema: FeatureSchema(features: names.map { FeatureSchema.Feature(name: $0, kind: .numeric) }),
            task: .binary(positive: "1"), target: "y", negativeLabel: "0", parameters: BoostingParameters(),
            rows: 2_000,
            rowsWithoutTarget: 0)
        let model = try BoostedTreeModel(header: header, ubj: Array(fixture("model.ubj")))
        for feature in try model.featureImportance() {
            #expect(abs(feature.totalGain - (gains[feature.name] ?? 0)) <= 1e-4 * (gains[feature.name] ?? 0))
            #expect(feature.splits == Int(scores["weight"]?[feature.name] ?? 0))
        }
        let shares = try #require(try model.normalizedImportance())
        let sum = gains.values.reduce(0, +)
        #expect(Set(shares.keys) == Set(names))
        #expect(abs(shares.values.reduce(0, +) - 1) < 1e-12)
        for name in names { #expect(abs((shares[name] ?? -1) - (gains[name] ?? 0) / sum) < 1e-6, "\(name)") }
        #expect(shares["idle"] == 0 && shares["amount"] ?? 0 > 0.6)
    }

    /// Nothing is invented for a model that never splits.
    @Test func aModelWithoutSplitsTellsNothing() throws {
        let table = try Table(columns: [
            TableColumn(name: "constant", numbers: Array(repeating: 1, count: 50)),
            TableColumn(name: "y", numbers: (0..<50).map { Double($0 % 2) }),
        ])
        let model = try BoostedTreeLearner(parameters: small(3)).fit(table, target: "y", task: .regression)
        #expect(try model.normalizedImportance() == nil)
    }
}
