import Events
import Testing
import TidewatchTestKit

@testable import Windowing

/// The join table against a plain list of what it holds.
@Suite struct WaitingTableTests {
    private static func key(_ entry: WaitingEntry) -> [UInt64] {
        [
            entry.identifierHigh, entry.identifierLow, UInt64(entry.version),
            UInt64(bitPattern: entry.predictionMicroseconds), UInt64(bitPattern: entry.outcomeMicroseconds),
            entry.score.bitPattern, entry.outcomeValue.bitPattern, UInt64(UInt32(bitPattern: entry.predictedLabel)),
            UInt64(UInt32(bitPattern: entry.outcomeLabel)), UInt64(entry.segments.packed),
        ]
    }

    private static func entry(_ number: Int, at time: Int64, version: UInt16, isRegression: Bool) -> WaitingEntry {
        var entry = WaitingEntry(EventIdentifier(hashing: "id-\(number)"))
        entry.predictionMicroseconds = time
        entry.version = version
        entry.score = Double(number) / 7
        entry.predictedLabel = isRegression ? -1 : Int32(number % 3)
        entry.segments.packed = UInt32(truncatingIfNeeded: number &* 2_654_435_761)
        return entry
    }

    /// Predictions come, outcomes change them, and the oldest expire, again and again.
    @Test(arguments: [1, 2, 3] as [UInt64], [false, true])
    func holdsWhatAListHolds(_ seed: UInt64, _ isRegression: Bool) {
        var generator = SeededGenerator(seed: seed)
        var table = WaitingTable(maximum: 1_000_000, isRegression: isRegression)
        var oracle: [[UInt64]: WaitingEntry] = [:]
        for round in 0..<40 as Range<Int64> {
            for _ in 0..<Int.random(in: 0...1_500, using: &generator) {
                let number = Int.random(in: 0..<30_000, using: &generator)
                let entry = Self.entry(
                    number, at: round * 100 + Int64(number % 100), version: UInt16(number % 2),
                    isRegression: isRegression)
                guard oracle[Self.key(entry)] == nil else { continue }
                let isKept = table.insert(entry)
                #expect(isKept)
                oracle[Self.key(entry)] = entry
            }
            for _ in 0..<200 {
                let identifier = EventIdentifier(hashing: "id-\(Int.random(in: 0..<30_000, using: &generator))")
                let slots = Array(table.matches(identifier))
                let known = oracle.values.filter { $0.identifier == identifier }
                #expect(Set(slots.map { Self.key(table[$0]) }) == Set(known.map(Self.key)))
                for slot in slots where !table[slot].hasOutcome {
                    var entry = table[slot]
                    oracle[Self.key(entry)] = nil
                    entry.outcomeMicroseconds = round * 100 + 150
                    if isRegression { entry.outcomeValue = Double(slot) } else { entry.outcomeLabel = Int32(slot % 5) }
                    table.update(slot, entry)
                    oracle[Self.key(entry)] = entry
                }
            }
            if round % 4 == 3 {
                let limit = round * 100 - 700
                var expired: Set<[UInt64]> = []
                table.expire(before: limit) { expired.insert(Self.key($0)) }
                #expect(expired == Set(oracle.values.filter { $0.newestMicroseconds < limit }.map(Self.key)))
                oracle = oracle.filter { $0.value.newestMicroseconds >= limit }
            }
            #expect(table.count == oracle.count)
        }
        let left = table.entries.map(Self.key)
        #expect(Set(left) == Set(oracle.keys) && left.count == oracle.count)
        var restored = WaitingTable(maximum: 1_000_000, isRegression: isRegression)
        restored.restore(entries: table.entries, thinning: 0, thinned: 0)
        #expect(restored.entries.map(Self.key) == left)
        table.expire(before: .max) { _ in }
        #expect(table.count == 0 && table.entries.isEmpty)
        let isKept = table.insert(Self.entry(1, at: 0, version: 0, isRegression: isRegression))
        #expect(isKept)
    }

    /// Both halves of a pair are thinned or neither: by the id alone.
    @Test func aFullTableIsThinnedById() {
        var table = WaitingTable(maximum: 1_000)
        for number in 0..<20_000 {
            let entry = Self.entry(number, at: Int64(number), version: 0, isRegression: false)
            let isKept = table.insert(entry)
            #expect(isKept == table.keeps(entry.identifier))
            #expect(table.count <= 1_000)
        }
        #expect(table.thinning >= 4)
        #expect(Int64(table.count) + table.thinned == 20_000)
        #expect(table.entries.allSatisfy { table.keeps($0.identifier) })
    }
}
