import Foundation
import Statistics
import Synchronization
import Testing
import TidewatchTestKit

@testable import Learning

@Suite struct TunerTests {
    /// Time that stands still.
    private let still = { 0.0 }

    private func space() throws -> SearchSpace {
        try SearchSpace([
            SearchParameter("learner", .choice(["a", "b"])),
            SearchParameter("x", .real(low: -5, high: 5)),
            SearchParameter("depth", .integer(low: 1, high: 9), if: .init("learner", is: ["b"])),
        ])
    }

    /// Best at learner b, x = 2, depth = 7.
    private func loss(_ values: [String: ParameterValue]) -> Double {
        let x = values["x"]?.number ?? .nan
        guard let depth = values["depth"]?.number else { return (x - 2) * (x - 2) + 10 }
        return (x - 2) * (x - 2) + abs(depth - 7)
    }

    private func tuner(trials: Int, seed: UInt64 = 1, pruning: TrialPruning = .none) throws -> Tuner<PerformanceMetric>
    {
        var tuner = Tuner(
            space: try space(), metric: PerformanceMetric.rmse, seed: seed, budget: TuningBudget(trials: trials))
        tuner.pruning = pruning
        return tuner
    }

    private func run(_ tuner: Tuner<PerformanceMetric>, history: [Trial] = []) throws -> [Trial] {
        try tuner.run(history: history, clock: still, control: TrainingControl()) { _, values, _ in [loss(values)] }
    }

    @Test func findsWhatChanceDoesNot() throws {
        var won = 0
        for seed in 1...10 as ClosedRange<UInt64> {
            let found = try run(tuner(trials: 60, seed: seed)).best(higherIsBetter: false)?.mean ?? .infinity
            var generator = SplitMix(seed: seed)
            let random = try (0..<60).map { _ in
                var values: [String: ParameterValue] = [:]
                for parameter in try space().parameters where try space().isActive(parameter, beside: values) {
                    values[parameter.name] = TreeParzenSampler.random(parameter.domain, &generator)
                }
                return loss(values)
            }
            if found < (random.min() ?? 0) { won += 1 }
        }
        #expect(won >= 8)
    }

    @Test func sameSeedSameTrialsAlsoWhenTakenUpAgain() throws {
        let whole = try run(tuner(trials: 25))
        #expect(try run(tuner(trials: 25)) == whole)
        #expect(try run(tuner(trials: 25, seed: 2)) != whole)
        let part = try run(tuner(trials: 13))
        #expect(part == Array(whole.prefix(13)))
        #expect(try run(tuner(trials: 25), history: part) == whole)
    }

    @Test func conditionsHold() throws {
        for trial in try run(tuner(trials: 40)) {
            #expect((trial.values["depth"] != nil) == (trial.values["learner"] == .text("b")))
        }
        let wrong = learningError {
            _ = try SearchSpace([SearchParameter("x", .real(low: 0, high: 1), if: .init("learner", is: ["a"]))])
        }
        #expect(wrong?.code == .invalidParameter)
    }

    @Test func timeEndsTheSearch() throws {
        var seconds = 0.0
        var tuner = try tuner(trials: 100)
        tuner.budget.seconds = 30
        let clock = { seconds }
        let trials = try tuner.run(clock: clock, control: TrainingControl()) { _, values, _ in
            seconds += 4
            return [loss(values)]
        }
        #expect(trials.count == 8)
    }

    @Test func cancelledAndFailing() throws {
        let gone = TrainingControl(isCancelled: { true })
        let cancelled = learningError {
            _ = try tuner(trials: 5).run(clock: still, control: gone) { _, _, _ in
                [1]
            }
        }
        #expect(cancelled?.code == .cancelled)
        let failing = LearningError(.oneClassTarget, "one class", advice: "None.")
        let all = learningError {
            _ = try tuner(trials: 20).run(clock: still, control: TrainingControl()) { _, _, _ throws(LearningError) in
                throw failing
            }
        }
        #expect(all?.message.contains("all 10 trials failed") == true && all?.message.contains("one class") == true)
        let some = try tuner(trials: 12).run(clock: still, control: TrainingControl()) {
            number, values, _ throws(LearningError) in
            if number % 2 == 0 { throw failing }
            return [loss(values)]
        }
        #expect(some.count { $0.state == .failed } == 6 && (some.best(higherIsBetter: false)?.number ?? 0) % 2 == 1)
    }

    /// A search for a ranking spoke of the metric that stood in for its own.
    @Test func anUndefinedMetricHasItsOwnName() throws {
        let tuner = Tuner(space: try space(), metric: RankingMetric.mrr, seed: 1, budget: TuningBudget(trials: 1))
        let error = learningError {
            _ = try tuner.run(clock: still, control: TrainingControl()) { _, _, _ in [.nan] }
        }
        #expect(error?.message.contains("mrr is not defined on every fold") == true)
    }

    @Test func firstTrialsComeFirst() throws {
        var tuner = try tuner(trials: 3)
        tuner.firstTrials = [["learner": .text("a"), "x": .number(2)]]
        #expect(try run(tuner)[0].values["x"] == .number(2))
    }

    @Test func learnersFarBehindDropOut() throws {
        let candidates = try CandidateSpace(kinds: [.boostedTrees, .linear], seed: 1, rows: 1_000)
        func options(_ linear: [Double]) -> SearchParameter.Domain? {
            let trials = zip(candidates.firstTrials, [[0.8, 0.82, 0.84], [0.6, 0.6, 0.6], linear]).enumerated().map {
                Trial(number: $0, state: .complete, values: $1.0, scores: $1.1)
            }
            return candidates.narrowed(after: trials, higherIsBetter: true).parameters.first?.domain
        }
        #expect(options([0.81, 0.8, 0.81]) == .choice(["boosted_trees", "linear"]))
        #expect(options([0.7, 0.71, 0.72]) == .choice(["boosted_trees"]))
        let tuner = candidates.tuner(metric: .rocAUC, seed: 1, budget: TuningBudget(trials: 20))
        let trials = try tuner.run(clock: still, control: TrainingControl()) { _, values, _ in
            candidates.kind(of: values) == .linear ? [0.5, 0.51] : [0.8, 0.81]
        }
        #expect(trials.count { candidates.kind(of: $0.values) == .linear } == 1)
        #expect(candidates.learner(trials[5].values) is BoostedTreeLearner)
        #expect(candidates.parameters(of: trials[5].values).keys.contains("learning_rate"))
    }

    @Test func firstTrialsAreTriedOnEveryFold() throws {
        let candidates = try CandidateSpace(kinds: [.boostedTrees, .linear], seed: 1, rows: 1_000)
        var tuner = candidates.tuner(metric: .rmse, seed: 1, budget: TuningBudget(trials: 12))
        tuner.narrowing = nil
        let trials = try tuner.run(clock: still, control: TrainingControl()) { number, _, goesOn in
            // The later the worse, and after the first fold alike.
            var scores = [Double(number)]
            while scores.count < 3, goesOn(scores) { scores.append(1) }
            return scores
        }
        #expect(trials.prefix(3).allSatisfy { $0.state == .complete && $0.scores.count == 3 })
        #expect(trials.dropFirst(3).allSatisfy { $0.state == .pruned && $0.scores.count == 1 })
        let alone = try CandidateSpace(kinds: [.linear], seed: 1, rows: 1_000)
        #expect(
            alone.tuner(metric: .rmse, seed: 1, budget: TuningBudget(trials: 1)).pruning
                == .median(startupTrials: 2, warmupFolds: 0))
    }

    @Test func fewRowsHaveCoarseHistograms() throws {
        func bins(_ rows: Int) throws -> Int? {
            let candidates = try CandidateSpace(kinds: [.boostedTrees], seed: 1, rows: rows)
            return (candidates.learner(candidates.firstTrials[0]) as? BoostedTreeLearner)?.parameters.maximumBins
        }
        #expect(try [100, 6_400, 16_384, 1_000_000].map(bins) == [32, 100, 256, 256])
    }

    @Test func medianSparesTheFirstAndPrunesTheWorse() {
        let trials = (0..<6).map {
            Trial(number: $0, state: .complete, values: [:], scores: [Double($0), Double($0), Double($0)])
        }
        let median = TrialPruning.median()
        // After two folds the median of the others is 2.5.
        #expect(median.gives(up: [2.6, 2.6], against: trials, higherIsBetter: false))
        #expect(!median.gives(up: [2.4, 2.4], against: trials, higherIsBetter: false))
        #expect(median.gives(up: [2.4, 2.4], against: trials, higherIsBetter: true))
        #expect(!median.gives(up: [9], against: trials, higherIsBetter: false))
        #expect(!median.gives(up: [9, 9], against: Array(trials.prefix(4)), higherIsBetter: false))
    }

    @Test func halvingKeepsAThirdOfEachRung() {
        let trials = (0..<5).map { Trial(number: $0, state: .pruned, values: [:], scores: [Double($0)]) }
        let halving = TrialPruning.halving(reduction: 3)
        // With itself six got as far: two go on.
        #expect(!halving.gives(up: [0.5], against: trials, higherIsBetter: false))
        #expect(halving.gives(up: [1.5], against: trials, higherIsBetter: false))
        #expect(!halving.gives(up: [9, 9], against: trials, higherIsBetter: false))
    }

    @Test func prunedTrialsComeAfterCompleteOnes() {
        let trials = [
            Trial(number: 0, state: .pruned, values: [:], scores: [1]),
            Trial(number: 1, state: .complete, values: [:], scores: [5, 5]),
            Trial(number: 2, state: .pruned, values: [:], scores: [2, 2]),
        ]
        let sampler = TreeParzenSampler(higherIsBetter: false, seed: 1)
        #expect(sampler.split(trials).good.map(\.number) == [1])
        let many = (0..<11).map { Trial(number: $0, state: .complete, values: [:], scores: [Double(11 - $0)]) }
        #expect(sampler.split(many).good.map(\.number) == [9, 10])
    }
}
