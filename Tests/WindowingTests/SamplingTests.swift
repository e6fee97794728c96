import Events
import Testing
import TidewatchTestKit
import Windowing

/// A stream that comes too fast: a part of the keys is counted, whichever half of a pair they are on.
@Suite struct SamplingTests {
    private static func feed(_ pipeline: PartitionPipeline, _ script: StreamScript, keptShare: (Int) -> Double?) {
        for number in 0..<max(script.predictions.count, script.outcomes.count) {
            pipeline.keptShare = keptShare(number)
            for (role, records) in [(StreamRole.predictions, script.predictions), (.outcomes, script.outcomes)]
            where number < records.count {
                let record = records[number]
                record.value.withUnsafeBytes { value in
                    Self.id(of: record.value).withUnsafeBytes { key in
                        _ = pipeline.process(
                            value, key: key, from: role, offset: Int64(number),
                            recordMicroseconds: record.recordMicroseconds)
                    }
                }
            }
        }
    }

    private static func id(of message: [UInt8]) -> [UInt8] {
        let text = String(decoding: message, as: UTF8.self)
        let start = text.firstRange(of: "\"id\":\"")?.upperBound ?? text.startIndex
        return Array(text[start...].prefix { $0 != "\"" }.utf8)
    }

    /// A quarter of the predictions, a quarter of the outcomes, and a quarter of the pairs: not a sixteenth.
    @Test func bothHalvesOfAPairAreCountedOrNeither() throws {
        let script = StreamScript(seed: 9, count: 20_000)
        let whole = StreamScript.pipeline(StreamScript.catalog())
        let sampled = StreamScript.pipeline(StreamScript.catalog())
        Self.feed(whole, script) { _ in nil }
        Self.feed(sampled, script) { _ in 0.25 }
        for counter in [\PipelineCounters.predictions, \.outcomes, \.joined] {
            let share = Double(sampled.counters[keyPath: counter]) / Double(whole.counters[keyPath: counter])
            #expect(abs(share - 0.25) < 0.02)
        }
        #expect(sampled.counters.sampledOut > 20_000 && whole.counters.sampledOut == 0)
        let output = sampled.closeEverything()
        #expect(Set(output.gaps.map(\.keptShare)) == [0.25])
        #expect(Set(output.gaps.map(\.role)) == [.predictions, .outcomes])
        #expect(whole.closeEverything().gaps.isEmpty)
    }

    /// The counters outlive a restart; the sampling does not.
    @Test func whatWasLeftOutIsInTheCheckpoint() throws {
        let script = StreamScript(seed: 9, count: 2_000)
        let catalog = StreamScript.catalog()
        let pipeline = StreamScript.pipeline(catalog)
        Self.feed(pipeline, script) { $0 < 1_000 ? 0.5 : nil }
        let restored = StreamScript.pipeline(catalog)
        try restored.restore(from: pipeline.snapshot())
        #expect(restored.counters == pipeline.counters && restored.counters.sampledOut > 500)
        #expect(restored.keptShare == nil)
    }

    /// Only the stretch in which keys were left out is marked.
    @Test func theStretchIsMarked() throws {
        let script = StreamScript(seed: 9, count: 6_000)
        let pipeline = StreamScript.pipeline(StreamScript.catalog())
        Self.feed(pipeline, script) { (2_000..<4_000).contains($0) ? 0.5 : nil }
        let hour = 60 * StreamScript.minute
        let gap = try #require(pipeline.closeEverything().gaps.first { $0.role == .predictions })
        #expect(gap.touches(from: StreamScript.start + hour / 3, to: StreamScript.start + hour * 2 / 3))
        #expect(!gap.touches(from: .min, to: StreamScript.start + hour / 4))
        #expect(!gap.touches(from: StreamScript.start + hour * 3 / 4, to: .max))
    }
}
