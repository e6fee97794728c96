import Events
import Statistics
import Testing
import TidewatchTestKit
import Windowing

/// ARCHITECTURE's second idea: no interleaving, batch size or restart changes a number.
@Suite struct OrderNeverMattersTests {
    /// Runs a script with a given way to choose the next stream and the next batch size.
    private func run(
        _ script: StreamScript, seed: UInt64?, restarting: Bool = false, task: ModelTask = .binary(positive: "fraud")
    ) throws -> (collected: Collected, counters: PipelineCounters) {
        var generator = SeededGenerator(seed: seed ?? 0)
        let catalog = StreamScript.catalog()
        let settings = StreamScript.settings(task: task)
        var pipeline = StreamScript.pipeline(catalog, settings: settings)
        var collected = Collected()
        var next = [0, 0]
        let streams = [script.predictions, script.outcomes]
        while next[0] < streams[0].count || next[1] < streams[1].count {
            var role = next[0] < streams[0].count ? 0 : 1
            var size = 500
            if seed != nil {
                if next[0] < streams[0].count, next[1] < streams[1].count {
                    role = Int.random(in: 0...1, using: &generator)
                }
                size = Int.random(in: 1...200, using: &generator)
            }
            for _ in 0..<size where next[role] < streams[role].count {
                let record = streams[role][next[role]]
                let source: StreamRole = role == 0 ? .predictions : .outcomes
                record.value.withUnsafeBytes {
                    _ = pipeline.process(
                        $0, from: source, offset: Int64(next[role]), recordMicroseconds: record.recordMicroseconds)
                }
                next[role] += 1
            }
            collected.take(pipeline.closePanes())
            if restarting, Int.random(in: 0..<5, using: &generator) == 0 {
                let snapshot = pipeline.snapshot()
                pipeline = StreamScript.pipeline(catalog, settings: settings)
                try pipeline.restore(from: snapshot)
                #expect(pipeline.snapshot() == snapshot)
            }
        }
        collected.take(pipeline.closeEverything())
        return (collected.sorted, pipeline.counters)
    }

    @Test(arguments: 1...6)
    func interleavingAndBatchSizeChangeNothing(seed: Int) throws {
        let script = StreamScript(seed: UInt64(seed), count: 3_000)
        let straight = try run(script, seed: nil)
        #expect(straight.counters.joined > 1_500)
        #expect(straight.counters.latePredictions > 10)
        #expect(straight.counters.duplicatePredictions > 10)
        #expect(straight.counters.duplicateOutcomes > 10)
        #expect(straight.collected.performance.contains { !$0.rows.isEmpty })
        #expect(straight.collected.performance.contains { $0.predictionPanes.counts.count > 2 })
        #expect(straight.collected.drift.allSatisfy { $0.predictions != nil })
        #expect(straight.collected.labels.contains { $0.labelled.summary.count > 50 })
        #expect(straight.collected.performance.contains { $0.segments.count > 6 })
        #expect(straight.collected.drift.contains { $0.segments.count > 6 })
        for order in 1...5 {
            let shuffled = try run(script, seed: UInt64(order))
            #expect(shuffled.collected == straight.collected, "seed \(seed), order \(order)")
            #expect(shuffled.counters.joined == straight.counters.joined)
            #expect(shuffled.counters.latePredictions == straight.counters.latePredictions)
            #expect(shuffled.counters.duplicatePredictions == straight.counters.duplicatePredictions)
        }
    }

    @Test(arguments: 1...4)
    func restartsChangeNothing(seed: Int) throws {
        let script = StreamScript(seed: UInt64(100 + seed), count: 2_000)
        let straight = try run(script, seed: nil)
        let restarted = try run(script, seed: UInt64(seed), restarting: true)
        #expect(restarted.collected == straight.collected)
    }

    /// The numbers of a regression, and the rows from which its loss is estimated.
    @Test(arguments: 1...3)
    func norDoTheyForARegression(seed: Int) throws {
        let script = StreamScript(seed: UInt64(200 + seed), count: 2_000)
        let straight = try run(script, seed: nil, task: .regression)
        #expect(straight.counters.joined > 1_000)
        #expect(straight.collected.performance.contains { $0.outcomes.numbers.count > 50 })
        #expect(straight.collected.labels.contains { $0.labelled.outcomes.numbers.count > 50 })
        for pane in straight.collected.drift {
            guard case .regression(let said)? = pane.predictions else {
                Issue.record("pane \(pane.pane) has no rows")
                continue
            }
            #expect(said.count == Int64(said.sample.rows.count))
        }
        for order in 1...3 {
            let shuffled = try run(script, seed: UInt64(order), restarting: order > 1, task: .regression)
            #expect(shuffled.collected == straight.collected, "seed \(seed), order \(order)")
        }
    }

    @Test func recordsDeliveredAgainAreSkipped() throws {
        let script = StreamScript(seed: 9, count: 400)
        let pipeline = StreamScript.pipeline(StreamScript.catalog())
        for _ in 0..<2 {
            for (offset, record) in script.predictions.enumerated() {
                record.value.withUnsafeBytes {
                    _ = pipeline.process(
                        $0, from: .predictions, offset: Int64(offset), recordMicroseconds: record.recordMicroseconds)
                }
            }
        }
        #expect(pipeline.counters.replayedRecords == Int64(script.predictions.count))
        #expect(pipeline.counters.predictions == Int64(script.predictions.count))
    }
}
