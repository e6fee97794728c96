import Storage
import Testing
import TidewatchTestKit

@testable import Events

/// What holds for every source, run on each of them.
@Suite struct EventSourceConformanceTests {
    /// A way to open one source again and again.
    struct Subject: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let text: String
        let open: @Sendable (_ path: String, _ source: Int) throws -> any EventSource
    }

    private static let rows = 137

    static let subjects: [Subject] = [
        Subject(testDescription: "memory", text: "") { _, source in
            InMemorySource(
                (0..<Int64(rows)).map {
                    SourceMessage(
                        source: source, partition: 2, offset: $0 * 3, timestampMicroseconds: $0, key: [],
                        value: Array(#"{"kind":"prediction","id":"\#($0)","time":\#(1_700_000_000 + $0)}"#.utf8))
                })
        },
        Subject(
            testDescription: "JSON lines",
            text: (0..<rows).map { #"{"kind":"prediction","id":"\#($0)","time":\#(1_700_000_000 + $0)}"# + "\n" }
                .joined()
        ) { path, source in
            try JSONLinesSource(path: path, source: source)
        },
        Subject(
            testDescription: "CSV",
            text: "x,y\n" + (0..<rows).map { "\($0),\($0 % 3 == 0 ? "" : "yes")\n" }.joined()
        ) { path, source in
            var mapping = CSVMapping(model: "m", outcomeColumn: "y")
            mapping.startMicroseconds = 1_700_000_000_000_000
            mapping.stepMicroseconds = 1_000_000
            return try CSVSource(path: path, mapping: mapping, source: source)
        },
        Subject(
            testDescription: "JSON lines, followed",
            text: (0..<rows).map { #"{"kind":"prediction","id":"\#($0)","time":\#(1_700_000_000 + $0)}"# + "\n" }
                .joined()
        ) { path, source in
            FollowedSource(
                feed: FollowedFile(path: path) { 0 }, format: .jsonLines, source: source, nowMicroseconds: { .max })
        },
        Subject(
            testDescription: "CSV, followed",
            text: "x,y\n" + (0..<rows).map { "\($0),\($0 % 3 == 0 ? "" : "yes")\n" }.joined()
        ) { path, source in
            var mapping = CSVMapping(model: "m", outcomeColumn: "y")
            mapping.startMicroseconds = 1_700_000_000_000_000
            mapping.stepMicroseconds = 1_000_000
            return FollowedSource(
                feed: FollowedFile(path: path) { 0 }, format: .csv(mapping), source: source, nowMicroseconds: { .max })
        },
    ]

    private func drain(_ source: any EventSource, _ maximum: () -> Int) throws -> [SourceMessage] {
        var source = source
        var messages: [SourceMessage] = []
        while true {
            let limit = maximum()
            let batch = try source.next(maximum: limit)
            #expect(batch.count <= limit)
            guard !batch.isEmpty else { break }
            messages += batch
        }
        #expect(try source.next(maximum: 5).isEmpty)
        return messages
    }

    @Test(arguments: subjects)
    func batchSizesChangeNothing(subject: Subject) throws {
        let file = try TemporaryFile(subject.text)
        let whole = try drain(try subject.open(file.path, 0)) { 1_000_000 }
        #expect(whole.count >= Self.rows)
        var generator = SeededGenerator(seed: 11)
        #expect(try drain(try subject.open(file.path, 0)) { 1 } == whole)
        #expect(try drain(try subject.open(file.path, 0)) { 2 } == whole)
        #expect(try drain(try subject.open(file.path, 0)) { Int.random(in: 1...20, using: &generator) } == whole)
    }

    @Test(arguments: subjects)
    func offsetsGrowAndTheSourceIsNamed(subject: Subject) throws {
        let file = try TemporaryFile(subject.text)
        let messages = try drain(try subject.open(file.path, 7)) { 10 }
        #expect(messages.allSatisfy { $0.source == 7 && $0.partition == messages[0].partition })
        #expect(zip(messages, messages.dropFirst()).allSatisfy { $0.offset < $1.offset })
    }

    @Test(arguments: subjects)
    func messagesAreEventsOfTheirTime(subject: Subject) throws {
        let file = try TemporaryFile(subject.text)
        let decoder = EventDecoder(limits: .unlimited)
        for message in try drain(try subject.open(file.path, 0), { 10 }) {
            #expect(throws: Never.self) {
                try decoder.decode(message.value, record: message.timestampMicroseconds).get()
            }
        }
    }

    /// Wherever reading begins again, the messages are the same, under the same offsets.
    @Test(arguments: [
        FollowedSource.Format.jsonLines, .csv(CSVMapping(model: "m", outcomeColumn: "y", timeColumn: "t")),
    ])
    func aFollowedSourceGoesOnWhereItWas(format: FollowedSource.Format) throws {
        var text = ""
        if case .csv = format { text = "t,y\n" }
        for row in 0..<Self.rows {
            if case .csv = format {
                text += "\(1_700_000_000 + row),\(row % 3 == 0 ? "" : "\"a\nb\"")\n"
            } else {
                text += #"{"kind":"prediction","id":"\#(row)","time":\#(1_700_000_000 + row)}"# + "\n\n"
            }
        }
        let file = try TemporaryFile(text)
        func open(_ start: FollowedFile.Start, _ resumption: FollowedSource.Resumption) -> FollowedSource {
            FollowedSource(
                feed: FollowedFile(path: file.path, start: start) { 0 }, format: format, resumption: resumption,
                nowMicroseconds: { .max })
        }
        let whole = try drain(open(.beginning, .init())) { 1_000 }
        var generator = SeededGenerator(seed: 3)
        var source = open(.beginning, .init())
        var messages: [SourceMessage] = []
        while messages.count < whole.count {
            messages += try source.next(maximum: Int.random(in: 1...9, using: &generator))
            let resumption = source.resumption
            #expect(resumption.offset <= Int64(messages.count))
            messages.removeLast(messages.count - Int(resumption.offset))
            source = open(try .place(#require(resumption.place)), resumption)
            // What comes again would be left out by its offset; at least one record more must come.
            if messages.count < whole.count { messages += try source.next(maximum: 2) }
        }
        #expect(messages == whole)
    }
}
