import Events
import Statistics
import Testing
import TidewatchTestKit

@testable import Windowing

/// Join tables in segments, checkpoint after checkpoint, against a table that was never written.
@Suite struct SnapshotWriterTests {
    /// Segments in memory, with those removed that a checkpoint does not name. `@unchecked Sendable`: used on one thread.
    private final class Shelf: SnapshotStore, @unchecked Sendable {
        private(set) var segments: [[UInt8]: [UInt8]] = [:]
        private(set) var bytesPut = 0
        var isFull = false
        private var next: UInt32 = 0

        struct Full: Error {}

        func put(_ bytes: [UInt8]) throws -> [UInt8] {
            if isFull { throw Full() }
            next += 1
            let name = withUnsafeBytes(of: next.littleEndian, Array.init)
            segments[name] = bytes
            bytesPut += bytes.count
            return name
        }

        func get(_ name: [UInt8]) throws -> [UInt8] {
            guard let bytes = segments[name] else { throw BinaryReader.Damage(at: 0, "no such segment") }
            return bytes
        }

        func keep(_ names: [[UInt8]]) { segments = segments.filter { names.contains($0.key) } }

        var bytes: Int { segments.values.reduce(0) { $0 + $1.count } }
    }

    private static let models = ["one", "two"]

    private static func pipeline(_ models: [String] = models) -> PartitionPipeline {
        PartitionPipeline(
            partition: 0,
            models: models.map {
                ModelSettings(
                    name: $0, task: $0 == "two" ? .regression : .binary(positive: "yes"),
                    geometry: PaneGeometry(windowMicroseconds: 1_000, slideMicroseconds: 1_000),
                    maximumLabelDelayMicroseconds: 1_000_000, maximumWaiting: 1_000_000)
            }, catalog: ReferenceCatalog(), limits: .unlimited, allowedLatenessMicroseconds: 0)
    }

    private static func entry(_ number: Int, at time: Int64, isRegression: Bool) -> WaitingEntry {
        var entry = WaitingEntry(EventIdentifier(hashing: "id-\(number)"))
        entry.predictionMicroseconds = time
        entry.version = UInt16(number % 3)
        entry.score = Double(number) / 7
        entry.predictedLabel = isRegression ? -1 : Int32(number % 3)
        entry.segments.packed = UInt32(truncatingIfNeeded: number &* 2_654_435_761)
        return entry
    }

    /// Changes a table as a stream does: predictions come, outcomes change them wherever they are, the oldest expire.
    private static func disturb(
        _ table: inout WaitingTable, round: Int, arriving: Int, _ generator: inout SeededGenerator
    ) {
        let isRegression = table.isRegression
        for number in 0..<arriving {
            let isKept = table.insert(
                entry(round * 100_000 + number, at: Int64(round), isRegression: isRegression))
            #expect(isKept)
        }
        for _ in 0..<arriving / 2 {
            let number = Int.random(in: 0..<max(1, arriving), using: &generator)
            let past = Int.random(in: 0...round, using: &generator)
            for slot in table.matches(EventIdentifier(hashing: "id-\(past * 100_000 + number)")) {
                var entry = table[slot]
                entry.outcomeMicroseconds = Int64(round)
                if isRegression { entry.outcomeValue = Double(number) } else { entry.outcomeLabel = 1 }
                table.update(slot, entry)
            }
        }
        // Now and then so much that the table is empty and begins anew.
        let age = round % 11 == 10 ? -1 : 4
        table.expire(before: Int64(round - age)) { _ in }
    }

    /// Checkpoints fail, are forgotten, or are committed; the agent goes on, or begins again from the last one.
    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func whatIsRestoredIsWhatWasFrozen(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let shelf = Shelf()
        var pipeline = Self.pipeline()
        var committed: (state: WrittenState, whole: [UInt8])?
        var before: WrittenState?
        var restarts = 0
        for round in 0..<40 {
            let arriving = [0, 3, 200, 3_000].randomElement(using: &generator) ?? 0
            for model in pipeline.models where Bool.random(using: &generator) {
                Self.disturb(&model.waiting, round: round, arriving: arriving, &generator)
            }
            if Int.random(in: 0..<6, using: &generator) == 0 { _ = pipeline.frozen() }
            let frozen = pipeline.frozen()
            shelf.isFull = Int.random(in: 0..<6, using: &generator) == 0
            guard let written = try? frozen.write(into: shelf) else { continue }
            if Int.random(in: 0..<6, using: &generator) == 0 { continue }
            frozen.commit()
            let whole = frozen.serialized()
            // As the files do it: what neither of two generations names is gone.
            shelf.keep(written.segments + (before?.segments ?? []))
            before = written
            committed = (written, whole)
            let restored = Self.pipeline()
            try restored.restore(from: written.bytes, store: shelf)
            #expect(restored.snapshot() == whole, "seed \(seed), round \(round)")
            if Int.random(in: 0..<5, using: &generator) == 0 {
                restarts += 1
                pipeline = Self.pipeline()
                try pipeline.restore(from: written.bytes, store: shelf)
            }
        }
        #expect(restarts > 0)
        // The last one that came into a checkpoint, whatever has been written since.
        let last = try #require(committed)
        let restored = Self.pipeline()
        try restored.restore(from: last.state.bytes, store: shelf)
        #expect(restored.snapshot() == last.whole)
    }

    /// Of a large table a checkpoint writes what has changed and a little more, and all segments together stay bounded.
    @Test func aCheckpointWritesWhatHasChanged() throws {
        var generator = SeededGenerator(seed: 3)
        let shelf = Shelf()
        let pipeline = Self.pipeline()
        for number in 0..<140_000 {
            _ = pipeline.models[0].waiting.insert(Self.entry(number, at: 0, isRegression: false))
        }
        func checkpoint() throws -> Int {
            let before = shelf.bytesPut
            let frozen = pipeline.frozen()
            let written = try frozen.write(into: shelf)
            frozen.commit()
            shelf.keep(written.segments)
            return shelf.bytesPut - before
        }
        let whole = try checkpoint()
        #expect(whole > 140_000 * 62 && whole < 140_000 * 70)
        #expect(try checkpoint() == 0, "nothing has changed")
        var total = 0
        for round in 0..<120 {
            for _ in 0..<1_000 {
                let slot = Int.random(in: 0..<140_000, using: &generator)
                var entry = pipeline.models[0].waiting[slot]
                entry.outcomeMicroseconds = Int64(round)
                pipeline.models[0].waiting.update(slot, entry)
            }
            let bytes = try checkpoint()
            // 66 kB of changes, and at most a block and a half of old ones.
            #expect(bytes < 10_000_000)
            total += bytes
            #expect(shelf.bytes < 2 * whole, "round \(round)")
        }
        #expect(total < 120 * 1_000 * 66 * 5)
        let restored = Self.pipeline()
        let frozen = pipeline.frozen()
        try restored.restore(from: try frozen.write(into: shelf).bytes, store: shelf)
        #expect(restored.snapshot() == frozen.serialized())
    }

    /// Another store, as after a partition was taken over, gets everything; so does one that has lost segments.
    @Test func anotherStoreGetsEverything() throws {
        var generator = SeededGenerator(seed: 4)
        let pipeline = Self.pipeline()
        for model in pipeline.models { Self.disturb(&model.waiting, round: 0, arriving: 500, &generator) }
        let (first, second) = (Shelf(), Shelf())
        let frozen = pipeline.frozen()
        _ = try frozen.write(into: first)
        frozen.commit()
        for store in [second, first] {
            let next = pipeline.frozen()
            let written = try next.write(into: store)
            next.commit()
            let restored = Self.pipeline()
            try restored.restore(from: written.bytes, store: store)
            #expect(restored.snapshot() == next.serialized())
        }
        let lost = pipeline.frozen()
        first.keep([])
        _ = try lost.write(into: first)
        lost.forgetStored()
        let next = pipeline.frozen()
        let written = try next.write(into: first)
        let restored = Self.pipeline()
        try restored.restore(from: written.bytes, store: first)
        #expect(restored.snapshot() == next.serialized())
    }

    /// A model that is configured no more, and later again: its old entries do not come back.
    @Test func aModelThatWasAwayBeginsEmpty() throws {
        var generator = SeededGenerator(seed: 5)
        let shelf = Shelf()
        func next(_ written: WrittenState?, _ models: [String]) throws -> (PartitionPipeline, WrittenState) {
            let pipeline = Self.pipeline(models)
            if let written { try pipeline.restore(from: written.bytes, store: shelf) }
            for model in pipeline.models { Self.disturb(&model.waiting, round: 1, arriving: 300, &generator) }
            let frozen = pipeline.frozen()
            let written = try frozen.write(into: shelf)
            let restored = Self.pipeline(models)
            try restored.restore(from: written.bytes, store: shelf)
            #expect(restored.snapshot() == frozen.serialized())
            return (pipeline, written)
        }
        let both = try next(nil, Self.models).1
        let alone = try next(both, ["one"]).1
        let (again, _) = try next(alone, Self.models)
        #expect(again.models.first { $0.settings.name == "two" }?.waiting.count == 300)
    }

    /// Cut off anywhere, a segment or a state is refused with an error.
    @Test func whatIsCutOffIsRefused() throws {
        var generator = SeededGenerator(seed: 6)
        let pipeline = Self.pipeline()
        for model in pipeline.models { Self.disturb(&model.waiting, round: 0, arriving: 20, &generator) }
        let shelf = Shelf()
        let written = try pipeline.frozen().write(into: shelf)
        let segment = try shelf.get(written.segments[0])
        for length in 0..<segment.count - 1 {
            let torn = Shelf()
            _ = try torn.put(Array(segment.prefix(length)))
            // Between two pieces it is whole as far as it goes: the checksum of the file is what tells.
            _ = try? Self.pipeline().restore(from: written.bytes, store: torn)
        }
        #expect(throws: (any Error).self) { try Self.pipeline().restore(from: written.bytes) }
        #expect(throws: (any Error).self) { try Self.pipeline().restore(from: written.bytes, store: Shelf()) }
        for length in 0..<written.bytes.count {
            #expect(throws: (any Error).self) {
                try Self.pipeline().restore(from: Array(written.bytes.prefix(length)), store: shelf)
            }
        }
    }
}
