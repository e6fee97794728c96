import Storage
import Testing
import TidewatchTestKit

@testable import Events

/// Lines decoded in batches are what they are one by one.
@Suite struct DecodedBatchTests {
    /// What a test compares of a record.
    private struct Copy: Equatable {
        var offset: Int64
        var timestampMicroseconds: Int64
        var key: String
        var message: String
        var result: Result<Decoded, Rejected>
    }

    private static let day: Int64 = 86_400_000_000

    static let limits: [EventLimits] = [
        .unlimited,
        EventLimits(maximumBytes: 400, maximumAge: day, maximumSkew: 60_000_000, maximumFeatures: 3),
    ]

    /// Events of every form, in and out of order, between lines that are none.
    private func lines(_ count: Int, seed: UInt64) -> [String] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { row in
            let seconds = 1_700_000_000 + row * 60 - Int.random(in: 0...200_000, using: &generator)
            let text = String(repeating: "ü\\n", count: Int.random(in: 0...20, using: &generator))
            switch Int.random(in: 0..<9, using: &generator) {
            case 0: return "no JSON \(text)"
            case 1: return #"{"kind":"outcome","id":"\#(row)","label":"\#(text)","time":\#(seconds),"revision":2}"#
            case 2:
                return #"{"kind":"outcome","id":"\#(row)","value":3,"time":\#(seconds),"known_at":\#(seconds + 7_000)}"#
            case 3: return #"{"kind":"prediction","id":\#(row),"features":{"b":"\#(text)","a":1.5,"c":null,"d":[1]}}"#
            case 4: return #"{"kind":"prediction","id":"\#(row)","scores":{"x":0.25,"\#(text)":0.75}}"#
            case 5:
                return
                    #"{"kind":"prediction","id":"\#(row)","features":{"a":1},"pad":"\#(String(repeating: "p", count: 600))"}"#
            case 6: return #"{"kind":"prediction","id":"\#(row)","time":"yesterday"}"#
            default:
                return
                    #"{"kind":"prediction","id":"\#(row)","model":"m\#(row % 3)","version":3,"time":\#(seconds),"score":0.5,"variant":"canary","unit":"u\#(row)","weight":2,"features":{"a":\#(row),"b":"\#(text)"}}"#
            }
        }
    }

    private func expected(_ lines: [String], limits: EventLimits, notAfter now: Int64) -> [Copy] {
        let reader = EventDecoder(limits: .unlimited)
        let decoder = EventDecoder(limits: limits)
        var clock = RecordClock(timestampMicroseconds: 0)
        return lines.enumerated().map { row, line in
            var message = Array(line.utf8).withUnsafeBytes {
                clock.message($0, decoder: reader, source: 0, offset: Int64(row))
            }
            message.timestampMicroseconds = min(now, message.timestampMicroseconds)
            let result = decoder.decode(message.value, record: message.timestampMicroseconds)
            let key = if case .success(let event) = result { event.id } else { "" }
            return Copy(
                offset: message.offset, timestampMicroseconds: message.timestampMicroseconds, key: key, message: line,
                result: result)
        }
    }

    private func copy(_ record: DecodedRecord) -> Copy {
        let result: Result<Decoded, Rejected> =
            switch record.result {
            case .event(let event): .success(Decoded(event))
            case .rejected(let reason): .failure(Rejected(reason: reason))
            }
        return Copy(
            offset: record.offset, timestampMicroseconds: record.timestampMicroseconds, key: text(record.key),
            message: text(record.message), result: result)
    }

    @Test(arguments: limits, [(now: Int64.max, decoders: 1), (1_700_050_000_000_000, 1), (1_700_050_000_000_000, 3)])
    func batchesAreWhatTheLinesAre(limits: EventLimits, way: (now: Int64, decoders: Int)) throws {
        let now = way.now
        let lines = lines(3_000, seed: 4)
        let file = try TemporaryFile(lines.joined(separator: "\n") + "\n")
        var source = FollowedSource(
            feed: FollowedFile(path: file.path) { 0 }, format: .jsonLines, decoders: way.decoders,
            nowMicroseconds: { now })
        var generator = SeededGenerator(seed: 9)
        var copies: [Copy] = []
        // Read only later, when the memory of others was used again.
        var waiting: [DecodedBatch] = []
        while let batch = try source.nextDecoded(
            maximum: Int.random(in: 1...300, using: &generator), limits: limits)
        {
            waiting.append(batch)
            if waiting.count > Int.random(in: 0...5, using: &generator) {
                copies += waiting.removeFirst().records.map(copy)
            }
        }
        copies += waiting.flatMap { $0.records.map(copy) }
        let expected = expected(lines, limits: limits, notAfter: now)
        #expect(copies.count == expected.count)
        for (found, expected) in zip(copies, expected) { #expect(found == expected) }
        let reasons = Set(
            copies.compactMap { if case .failure(let rejected) = $0.result { rejected.reason } else { nil } })
        let isLimited = limits != .unlimited
        #expect(reasons.contains(.badTime))
        #expect(reasons.contains(.tooLarge) == isLimited)
        #expect(reasons.contains(.tooManyFeatures) == isLimited)
        #expect(reasons.contains(.timeTooOld) == isLimited)
    }

    /// Also where most lines have no time of their own, so that a block begins with the time of the one before.
    @Test(arguments: [2, 3, 5])
    func severalThreadsDecodeAsOneDoes(decoders: Int) throws {
        var generator = SeededGenerator(seed: UInt64(decoders))
        let lines = (0..<2_000).map { number -> String in
            let time = Bool.random(using: &generator) && number % 40 < 3 ? #","time":\#(1_700_000_000 + number)"# : ""
            let known = number % 7 == 0 ? #","known_at":\#(1_700_000_500 + number),"odd_\#(number % 5)":1"# : ""
            return number % 11 == 0
                ? "no event" : #"{"kind":"outcome","id":"p-\#(number)","label":"yes"\#(time)\#(known)}"#
        }
        let file = try TemporaryFile(lines.joined(separator: "\n") + "\n")
        func read(_ decoders: Int, maximum: Int) throws -> (
            records: [Copy], keys: [UnknownKey], ends: [Int64: FollowedSource.Resumption]
        ) {
            var source = FollowedSource(
                feed: FollowedFile(path: file.path) { 0 }, format: .jsonLines, decoders: decoders,
                nowMicroseconds: { .max })
            var records: [Copy] = []
            var keys: [UnknownKey] = []
            var ends: [Int64: FollowedSource.Resumption] = [:]
            while let batch = try source.nextDecoded(maximum: maximum, limits: .unlimited) {
                records += batch.records.map(copy)
                keys += batch.unknownKeys
                ends[source.resumption.offset] = source.resumption
            }
            return (records, keys, ends)
        }
        let one = try read(1, maximum: 1)
        #expect(one.records.count == lines.count && one.keys.count == 5)
        for maximum in [1, 7, 100, 3_000] {
            let several = try read(decoders, maximum: maximum)
            #expect(several.records == one.records && several.keys == one.keys)
            for (offset, end) in several.ends { #expect(end == one.ends[offset]) }
        }
    }

    /// A batch ends before a queue of batches could hold more memory than it should.
    @Test func largeMessagesMakeSmallBatches() throws {
        let line = #"{"kind":"prediction","id":"a","note":"\#(String(repeating: "x", count: 900_000))"}"#
        let file = try TemporaryFile(String(repeating: line + "\n", count: 12))
        var source = FollowedSource(
            feed: FollowedFile(path: file.path) { 0 }, format: .jsonLines, nowMicroseconds: { .max })
        var counts: [Int] = []
        while let batch = try source.nextDecoded(maximum: 500, limits: .unlimited) {
            counts.append(batch.records.count)
        }
        #expect(counts == [2, 2, 2, 2, 2, 2])
    }
}
