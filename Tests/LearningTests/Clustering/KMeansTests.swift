import Foundation
import Statistics
import Testing
import TidewatchTestKit

@testable import Learning

@Suite struct KMeansTests {
    private struct Golden: Decodable {
        struct Case: Decodable {
            let weighted: Bool
            let start: [[Double]]
            let centres: [[Double]]
            let inertia: Double
            let labels: [Int]
            let silhouette: Double
            let silhouettes: [Double]
        }

        let cases: [Case]
        let best: Double
    }

    private let features = ["a", "b", "c"]

    private func golden() throws -> (table: Table, values: Golden) {
        let data = try Data(contentsOf: fixture("kmeans/kmeans.json"))
        return (
            try Table.read(path: fixture("kmeans/rows.csv").path), try JSONDecoder().decode(Golden.self, from: data)
        )
    }

    /// From the same first centres to the same last ones: Fixtures/kmeans/generate.py.
    @Test func givenCentresEndWhereScikitLearnEnds() throws {
        let (table, golden) = try golden()
        for expected in golden.cases {
            var parameters = KMeansParameters(clusters: expected.start.count)
            parameters.tolerance = 0
            let model = try KMeansLearner(parameters: parameters).fit(
                table, features: features, weight: expected.weighted ? "weight" : nil, centres: expected.start)
            #expect(abs(model.inertia - expected.inertia) < 1e-9 * expected.inertia)
            for (own, other) in zip(model.centres.joined(), expected.centres.joined()) {
                #expect(abs(own - other) < 1e-9)
            }
            #expect(abs((model.silhouette ?? 0) - expected.silhouette) < 1e-9)
            let assigned = try model.assign(table)
            #expect(assigned.clusters == expected.labels)
            #expect(model.isConverged && model.sizes.reduce(0, +) == table.rowCount)
        }
    }

    @Test func silhouettesAreThoseOfScikitLearn() throws {
        let (table, golden) = try golden()
        let matrix = try NumericFeatures.training(table, names: features)
        let points = PointSet(matrix, width: 3, weights: [Double](repeating: 1, count: table.rowCount))
        let expected = try #require(golden.cases.last)
        let values = try #require(
            try Silhouette.values(points, labels: expected.labels, control: TrainingControl()))
        for (own, other) in zip(values, expected.silhouettes) { #expect(abs(own - other) < 1e-9) }
        let sampled = try #require(
            try Silhouette.mean(points, labels: expected.labels, maximumRows: 120, seed: 1, control: TrainingControl()))
        #expect(abs(sampled - expected.silhouette) < 0.05 && sampled != expected.silhouette)
    }

    @Test func restartsFindTheGroupsAndTheirNumber() throws {
        let (table, golden) = try golden()
        let learner = KMeansLearner(parameters: KMeansParameters(clusters: 3, restarts: 4, seed: 3))
        let model = try learner.fit(table, features: features)
        #expect(abs(model.inertia - golden.best) < 1e-6 * golden.best)
        let (chosen, choices) = try learner.fit(table, choosing: 2...6, features: features)
        #expect(chosen.centres.count == 3 && choices.map(\.clusters) == [2, 3, 4, 5, 6])
        #expect(choices.allSatisfy { ($0.silhouette ?? 1) <= chosen.silhouette ?? 0 })
        #expect(chosen == model)
        // The sample of a silhouette changes neither the centres nor the number found.
        var sampling = learner
        sampling.parameters.silhouetteRows = 100
        #expect(try sampling.fit(table, choosing: 2...6, features: features).model.centres == model.centres)
    }

    @Test func anEmptyClusterTakesTheFarthestRow() throws {
        let table = try Table(columns: [TableColumn(name: "x", numbers: [0, 1, 2, 10, 50])])
        // Nothing is nearest to the second centre.
        var parameters = KMeansParameters(clusters: 2)
        parameters.maximumIterations = 1
        let model = try KMeansLearner(parameters: parameters).fit(table, centres: [[0], [1_000]])
        #expect(model.centres[1] == [50] && abs(model.centres[0][0] - 3.25) < 1e-12)
        #expect(!model.isConverged)
    }

    @Test func equalRowsAndFewRows() throws {
        let same = try Table(columns: [TableColumn(name: "x", numbers: [4, 4, 4, 4])])
        let model = try KMeansLearner(parameters: KMeansParameters(clusters: 3)).fit(same)
        #expect(model.inertia == 0 && model.silhouette == nil && model.sizes == [4, 0, 0])
        #expect(try model.assign(same).clusters == [0, 0, 0, 0])
        let (chosen, choices) = try KMeansLearner().fit(same, choosing: 2...3)
        #expect(chosen.centres.count == 2 && choices.allSatisfy { $0.silhouette == nil })
        let few = learningError { _ = try KMeansLearner().fit(same) }
        #expect(few?.code == .noRows)
    }

    @Test func cellsThatDoNotFitHaveNoCluster() throws {
        let (table, _) = try golden()
        let model = try KMeansLearner(parameters: KMeansParameters(clusters: 3)).fit(table, features: features)
        let served = try Table(columns: [
            TableColumn(name: "c", numbers: [9, .nan, .infinity]), TableColumn(name: "a", numbers: [1, 1, 1]),
            TableColumn(name: "b", numbers: [5, 5, 5]),
        ])
        let found = try model.assign(served)
        #expect(found.clusters[0] >= 0 && found.clusters[1...] == [-1, -1])
        #expect(found.distances.map(\.isNaN) == [false, true, true])
        #expect(found.alignment.outOfRange == 1)
        #expect(try model.assign(served.selecting(["a", "b"])).alignment.absentColumns == 1)
    }

    @Test func everyFlippedBitIsFoundAndReloadedModelsAreEqual() throws {
        let (table, _) = try golden()
        let learner = KMeansLearner(parameters: KMeansParameters(clusters: 3, restarts: 2))
        let model = try learner.fit(table, features: features)
        let bytes = try model.serialized()
        #expect(try KMeansModel(serialized: bytes) == model)
        #expect(try learner.fit(table, features: features).serialized() == bytes)
        for position in bytes.indices {
            var damaged = bytes
            damaged[position] ^= 1 << UInt8(position % 8)
            #expect(learningError { _ = try KMeansModel(serialized: damaged) }?.code == .corruptModel)
        }
    }

    @Test func everyMistakeHasItsError() throws {
        let (table, _) = try golden()
        func code(_ table: Table, _ change: (inout KMeansParameters) -> Void = { _ in }) -> LearningError.Code? {
            var parameters = KMeansParameters(clusters: 2)
            change(&parameters)
            return learningError { _ = try KMeansLearner(parameters: parameters).fit(table) }?.code
        }
        #expect(code(try Table(columns: [])) == .noFeatures)
        #expect(code(try Table(columns: [TableColumn(name: "x", numbers: [])])) == .noRows)
        #expect(code(try Table(columns: [TableColumn(name: "x", texts: ["a", "b"])])) == .invalidInput)
        #expect(code(try Table(columns: [TableColumn(name: "x", numbers: [1, .nan])])) == .invalidInput)
        #expect(code(try Table(columns: [TableColumn(name: "x", numbers: [1, .infinity])])) == .invalidInput)
        for change in [
            { $0.clusters = 0 }, { $0.restarts = 0 }, { $0.tolerance = .nan }, { $0.maximumIterations = 0 },
            { $0.silhouetteRows = 1 }, { $0.seed = -1 },
        ] as [(inout KMeansParameters) -> Void] {
            #expect(code(table, change) == .invalidParameter)
        }
        let centres = learningError {
            _ = try KMeansLearner(parameters: KMeansParameters(clusters: 2)).fit(table, centres: [[1]])
        }
        #expect(centres?.code == .invalidParameter)
        for check in [1, 2, 30] {
            let control = cancelled(at: check)
            #expect(learningError { _ = try KMeansLearner().fit(table, control: control) }?.code == .cancelled)
        }
    }
}
