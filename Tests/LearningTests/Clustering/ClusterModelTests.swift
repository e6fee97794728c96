import Statistics
import Testing
import TidewatchTestKit

@testable import Learning

@Suite struct ClusterModelTests {
    /// Three groups that no preparation can hide: two numbers of very different units with gaps, and a colour each.
    private func table(_ rows: Int = 240) throws -> Table {
        var stream = DriftStream(seed: 3)
        var (large, small, colours, weights) = ([Double](), [Double](), [String?](), [Double]())
        for row in 0..<rows {
            let group = row % 3
            large.append(row % 17 == 0 ? .nan : stream.normal(mean: Double(group) * 50_000, deviation: 2_000))
            small.append(stream.normal(mean: group == 1 ? 1 : 0, deviation: 0.05))
            colours.append(row % 19 == 0 ? nil : ["red", "green", "blue"][group])
            weights.append(1)
        }
        return try Table(columns: [
            TableColumn(name: "large", numbers: large), TableColumn(name: "small", numbers: small),
            TableColumn(name: "colour", texts: colours), TableColumn(name: "weight", numbers: weights),
        ])
    }

    private let features = ["large", "small", "colour"]

    @Test func theNumberIsChosenBySilhouette() throws {
        let table = try table()
        let (model, choices) = try ClusterLearner().fit(table, features: features, choosing: 2...6)
        #expect(choices.map(\.clusters) == [2, 3, 4, 5, 6])
        #expect(model.clusters.centres.count == 3)
        let found = try model.assign(table)
        // Rows of one group are in one cluster, those of different groups are not.
        #expect(Set((0..<table.rowCount).map { [$0 % 3, found.clusters[$0]] }).count == 3)
        #expect(found.distances.allSatisfy { $0.isFinite && $0 >= 0 })
        #expect(model.clusters.sizes == [80, 80, 80])
    }

    @Test func centresAreInTheUnitsOfTheColumns() throws {
        let (model, _) = try ClusterLearner().fit(table(), features: features, choosing: 3...3)
        let centres = try model.centresInUnits()
        #expect(centres[0].map(\.name) == ["large", "small", "colour=blue", "colour=green", "colour=red"])
        let large = centres.map { $0[0].value }.sorted()
        for (value, expected) in zip(large, [0.0, 50_000, 100_000]) { #expect(abs(value - expected) < 4_000) }
        for centre in centres {
            // A row without a colour has none of them.
            let shares = centre.dropFirst(2).map(\.value).sorted()
            #expect(abs(shares[1]) < 0.05 && shares[2] > 0.9 && shares[2] < 1 + 1e-9)
        }
    }

    @Test func aModelIsItsBytes() throws {
        let table = try table()
        let (model, _) = try ClusterLearner().fit(table, features: features, weight: "weight", choosing: 2...4)
        let bytes = try model.serialized()
        #expect(try ClusterLearner().fit(table, features: features, weight: "weight", choosing: 2...4).model == model)
        guard case .clusters(let loaded) = try ArtifactModel(serialized: bytes) else {
            Issue.record("not loaded as clusters")
            return
        }
        #expect(loaded == model)
        #expect(try loaded.assign(table) == model.assign(table))
        guard case .clusters(let bare) = try ArtifactModel(serialized: model.clusters.serialized()) else {
            Issue.record("bare clusters are not loaded as such")
            return
        }
        #expect(bare.preparation == nil && bare.clusters == model.clusters)
        for position in stride(from: 0, to: bytes.count, by: 61) {
            var damaged = bytes
            damaged[position] ^= 2
            #expect(learningError { _ = try ArtifactModel(serialized: damaged) }?.code == .corruptModel)
        }
        let refused = learningError { _ = try ModelArtifact.load(bytes) }
        #expect(refused?.code == .unsupportedModel && refused?.message.contains("clustering") == true)
    }

    @Test func whatDoesNotFitIsFilled() throws {
        let (model, _) = try ClusterLearner().fit(table(), features: features, choosing: 3...3)
        let strange = try Table(columns: [
            TableColumn(name: "large", numbers: [.infinity, 0]), TableColumn(name: "colour", texts: ["violet", nil]),
        ])
        let found = try model.assign(strange)
        #expect(found.clusters.allSatisfy { (0..<3).contains($0) })
        #expect(found.alignment.absentColumns == 1 && found.alignment.outOfRange == 1)
        #expect(found.alignment.unseenCategories == 1)
        #expect(try model.assign(strange.rows(0..<0)).clusters.isEmpty)
    }

    @Test func badInputIsRefused() throws {
        let table = try table(4)
        func code(_ range: ClosedRange<Int>, _ features: [String], _ control: TrainingControl = TrainingControl())
            -> LearningError.Code?
        {
            learningError {
                _ = try ClusterLearner().fit(table, features: features, choosing: range, control: control)
            }?.code
        }
        #expect(code(2...5, features) == .noRows)
        #expect(code(5...5, features) == .noRows)
        #expect(code(2...2_000, features) == .invalidParameter)
        #expect(code(2...3, ["absent"]) == .unknownColumn)
        #expect(code(2...3, []) == .noFeatures)
        #expect(code(2...3, features, cancelled(at: 3)) == .cancelled)
    }
}
