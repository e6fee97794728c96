import Foundation
import Learning
import Registry
import Retraining
import Statistics
import Testing
import TidewatchTestKit
import Windowing

@Suite struct RetrainingRunTests {
    private let fixture: RunFixture
    private var factory = RowFactory(seed: 11)

    init() throws { fixture = try RunFixture() }

    /// 400 rows of the new concept: 300 to train on, 100 to test on.
    private func execute(
        _ rows: [LabelledRow], champion: String?, minimumGain: Double = 0.02, metric: PerformanceMetric = .accuracy
    ) -> RetrainingOutcome {
        fixture.run(metric: metric, minimumGain: minimumGain)
            .execute(model: "fraud", rows: rows, champion: champion, trigger: "performance_below", now: 50)
    }

    @Test mutating func aChampionOfTheOldWorldLoses() throws {
        let champion = try fixture.install(trainedOn: factory.binary(300, concept: .positive))
        let rows = factory.binary(400, concept: .negative)
        guard case .accepted(let record, let old, let new) = execute(rows, champion: "1") else {
            Issue.record("the challenger must win")
            return
        }
        #expect(try #require(old) < 0.3)
        #expect(new > 0.8)
        #expect(record.version == "2")
        #expect(record.state == .registered)
        #expect(try fixture.registry.champion(of: "fraud") == champion)

        let lineage = record.lineage
        #expect(lineage.trigger == "performance_below")
        #expect(lineage.parent == "1")
        #expect(lineage.rows == 300)
        #expect(lineage.dataFromMicroseconds == rows.first?.predictionMicroseconds)
        #expect(lineage.dataToMicroseconds == rows.last?.predictionMicroseconds)
        #expect(lineage.metrics["accuracy"] == new)
        #expect(lineage.metrics["champion.accuracy"] == old)
        #expect(lineage.parameters["rounds"] == "20")
        let importance = try #require(lineage.importance)
        #expect(Set(importance.keys) == ["amount", "country", "new"])
        #expect(abs(importance.values.reduce(0, +) - 1) < 1e-12)
        #expect(lineage.mostImportantFirst.first?.column == "amount")
        #expect(try fixture.registry.version("2", of: "fraud").lineage.importance == importance)
    }

    /// What is registered is what was tested, and its reference is that of the run's rows.
    @Test mutating func whatIsRegisteredIsWhatWasTested() throws {
        _ = try fixture.install(trainedOn: factory.binary(300, concept: .positive))
        let rows = factory.binary(400, concept: .negative)
        guard case .accepted(let record, _, let accuracy) = execute(rows, champion: "1") else {
            Issue.record("the challenger must win")
            return
        }
        let model = try BoostedTreeModel(serialized: try fixture.registry.artifact(of: record))
        let holdout = try TableBuilder.table(rows: Array(rows.suffix(100)))
        #expect(try Evaluation.evaluate(model, on: holdout)[.accuracy] == accuracy)
        #expect(model.schema.names == ["amount", "country", "new"])
        #expect(model.rows == 300)

        let bytes = try #require(try fixture.registry.reference(of: record))
        let profile = try JSONDecoder().decode(ReferenceProfile.self, from: Data(bytes))
        #expect(profile.rows == 400)
        #expect(profile.columns.map(\.name) == ["amount", "country", "new"])
        #expect(profile.columns.map(\.kind) == [.numeric, .categorical, .boolean])

        let scorer = ShadowScorer(registry: fixture.registry)
        let shown = try scorer.score(model: "fraud", version: record.version, rows: Array(rows.suffix(100)))
        let direct = try model.predict(holdout)
        #expect(shown.probabilities == direct.probabilities)
        #expect(try scorer.score(model: "fraud", version: "1", rows: rows).probabilities != direct.probabilities)
        #expect(throws: RegistryError.self) { try scorer.score(model: "fraud", version: "9", rows: rows) }
    }

    /// Of rows that it was trained on a version is surer than it will ever be again: its predictions are the hold-out's.
    @Test mutating func whatItSaysIsKnownOfTheHoldOutAlone() throws {
        let rows = factory.binary(1_000, concept: .negative)
        guard case .accepted(let record, _, _) = execute(rows, champion: nil) else {
            Issue.record("there is no champion to beat")
            return
        }
        let bytes = try #require(try fixture.registry.reference(of: record))
        let predictions = try #require(
            try JSONDecoder().decode(ReferenceProfile.self, from: Data(bytes)).predictions)
        let model = try BoostedTreeModel(serialized: try fixture.registry.artifact(of: record))
        let held = try TableBuilder.table(rows: Array(rows.suffix(250))).dropping([TableBuilder.target])
        #expect(predictions.name == "prediction" && predictions.total == 250)
        #expect(predictions.sample == (try model.predict(held)).probabilities.sorted())
    }

    @Test mutating func noGainNoVersion() throws {
        _ = try fixture.install(trainedOn: factory.binary(300, concept: .positive))
        let rows = factory.binary(400, concept: .positive)
        guard case .rejected(let record, let old, let new) = execute(rows, champion: "1", minimumGain: 0.2) else {
            Issue.record("nothing can be better by 0.2")
            return
        }
        #expect(try #require(old) > 0.8)
        #expect(try #require(new) > 0.8)
        #expect(record.state == .rejected)
        let last = try #require(try fixture.registry.history(of: "fraud").last)
        #expect(last.event == .rejected)
        #expect(last.reason == "no better than v1 on the same rows")
        #expect(try fixture.registry.artifact(of: record).isEmpty == false)
    }

    /// Equal is not better, whatever the gain asked for.
    @Test mutating func aTieIsRejected() throws {
        let rows = factory.binary(400, concept: .negative, noise: 0)
        guard case .accepted(let first, _, _) = execute(rows, champion: nil) else {
            Issue.record("the first challenger must win")
            return
        }
        try fixture.registry.promote(model: "fraud", version: first.version, reason: "", now: 60)
        guard case .rejected(_, let old, let new) = execute(rows, champion: first.version, minimumGain: 0) else {
            Issue.record("the same model is no better than itself")
            return
        }
        #expect(old == new)
    }

    /// The registry knows no champion: what was logged is what has to be beaten, and its version number stays taken.
    @Test mutating func withoutChampionTheLoggedScoresCount() throws {
        let rows = factory.binary(400, concept: .negative).map { row in
            var row = row
            row.version = "4"
            return row
        }
        guard case .accepted(let record, let old, _) = execute(rows, champion: nil) else {
            Issue.record("the logged scores know the old concept only")
            return
        }
        let wrong = rows.suffix(100).count { row in
            (String(decoding: row.message, as: UTF8.self).contains("\"score\":0.9") ? "fraud" : "fine") != row.label
        }
        #expect(old == Double(100 - wrong) / 100)
        #expect(record.version == "5")
        #expect(record.lineage.parent == nil)

        var same = RowFactory(seed: 12)
        guard case .rejected = execute(same.binary(400, concept: .positive), champion: nil) else {
            Issue.record("the logged scores are right here")
            return
        }
    }

    /// A champion that lives elsewhere is judged by what it logged, too.
    @Test mutating func aChampionWithoutArtifactIsJudgedByItsLog() throws {
        _ = try fixture.registry.register(
            model: "fraud", artifact: nil, reference: nil, lineage: Lineage(trigger: "import"), now: 1)
        guard case .rejected(_, let old, _) = execute(factory.binary(400, concept: .positive), champion: "1") else {
            Issue.record("the logged scores are right here")
            return
        }
        #expect(try #require(old) > 0.8)
    }

    @Test mutating func lossesAreBetterWhenLower() throws {
        _ = try fixture.install(trainedOn: factory.binary(300, concept: .positive))
        let rows = factory.binary(400, concept: .negative)
        guard case .accepted(_, let old, let new) = execute(rows, champion: "1", metric: .logLoss) else {
            Issue.record("the challenger must win")
            return
        }
        #expect(new < (try #require(old)))
    }

    @Test mutating func regressionByItsRootMeanSquaredError() throws {
        let task = ModelTask.regression
        let champion = try fixture.install(trainedOn: factory.regression(300, slope: 2), task: task)
        let run = fixture.run(task, metric: .rmse, minimumGain: 0.1)
        func outcome(_ rows: [LabelledRow]) -> RetrainingOutcome {
            run.execute(model: "fraud", rows: rows, champion: champion.version, trigger: "schedule", now: 50)
        }
        guard case .accepted(let record, let old, let new) = outcome(factory.regression(400, slope: -1)) else {
            Issue.record("the challenger must win")
            return
        }
        #expect(try #require(old) > 2)
        #expect(new < 0.5)
        #expect(record.lineage.metrics["rmse"] == new)
        guard case .rejected = outcome(factory.regression(400, slope: 2)) else {
            Issue.record("the world is the champion's")
            return
        }
    }

    @Test mutating func whatCannotBeTrainedIsAnOutcome() throws {
        let oneClass = factory.binary(100, concept: .positive).map { row in
            var row = row
            row.label = "fine"
            return row
        }
        let other = [oneClass, [], Array(oneClass.prefix(1))].map { execute($0, champion: nil) }
        for outcome in other + [execute(factory.binary(100, concept: .positive), champion: "7")] {
            guard case .failed(let text) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(text.count > 20)
        }
        #expect(try fixture.registry.models().isEmpty)
        #expect(try fixture.registry.newestSequence() == 0)
    }

    /// Whatever order the rows arrived in: the same bytes, and so one version.
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    mutating func theSameRowsMakeTheSameArtifact(seed: UInt64) throws {
        let rows = factory.binary(400, concept: .negative)
        var generator = SeededGenerator(seed: seed)
        func artifact(_ rows: [LabelledRow], in fixture: RunFixture) throws -> VersionRecord? {
            var buffer = TrainingBuffer(maximumRows: 350, windowMicroseconds: .max)
            for start in stride(from: 0, to: rows.count, by: 50) { buffer.append(Array(rows[start..<start + 50])) }
            let outcome = fixture.run().execute(
                model: "fraud", rows: buffer.rows, champion: nil, trigger: "schedule", now: 50)
            guard case .accepted(let record, _, _) = outcome else { return nil }
            return record
        }
        let first = try #require(try artifact(rows, in: fixture))
        #expect(try artifact(rows.shuffled(using: &generator), in: fixture) == first)
        #expect(try artifact(rows.shuffled(using: &generator), in: try RunFixture()) == first)
        #expect(try fixture.registry.newestSequence() == 1)
    }

    @Test mutating func oneIdScoredByTwoVersionsIsOneRow() throws {
        let rows = factory.binary(200, concept: .negative)
        let twice = rows.flatMap { row in
            var other = row
            other.version = "2"
            return [row, other]
        }
        guard case .accepted(let record, _, _) = execute(twice, champion: nil) else {
            Issue.record("the challenger must win")
            return
        }
        #expect(record.lineage.rows == 150)
        #expect(record.version == "2")
    }

    /// Versions in events are anybody's text; a number that nothing can follow is not in our way.
    @Test mutating func anAbsurdVersionInEventsIsNotCountedFrom() throws {
        let names = ["4", "9223372036854775807", "9223372036854775806", "v7", "-3"]
        let rows = factory.binary(400, concept: .negative).enumerated().map { index, row in
            var row = row
            row.version = names[index % names.count]
            return row
        }
        guard case .accepted(let record, _, _) = execute(rows, champion: nil) else {
            Issue.record("the challenger must win")
            return
        }
        #expect(record.version == "5")
    }

    /// Classes: rows whose message says nothing of them are left out; they do not count as the first class, and a
    /// probability is not made up for them.
    @Test(arguments: [PerformanceMetric.accuracy, .logLoss])
    mutating func nothingSaidIsNotTheFirstClass(metric: PerformanceMetric) throws {
        let task = ModelTask.multiclass(classes: ["low", "high"])
        var stream = DriftStream(seed: 5)
        let rows = (0..<400).map { index in
            let x = stream.normal()
            // Always wrong where something is said; every other hold-out row has no prediction and is "low".
            let said = index % 2 == 0 ? ",\"scores\":{\"low\":0.9,\"high\":0.1}" : ",\"label\":\"elsewhere\""
            return factory.row(
                body: "\"features\":{\"x\":\(index % 2 == 0 ? abs(x) : -abs(x))}\(said)",
                label: index % 2 == 0 ? "high" : "low")
        }
        let outcome = fixture.run(task, metric: metric)
            .execute(model: "fraud", rows: rows, champion: nil, trigger: "schedule", now: 50)
        guard case .accepted(_, let old, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(abs(try #require(old) - (metric == .accuracy ? 0 : 2.302585)) < 1e-6)
    }
}
