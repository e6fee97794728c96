import Foundation
import Testing

@testable import Agent

/// What `check-config` finds beyond the file itself.
struct CheckConfigTests {
    private static func problems(_ text: String) throws -> [ConfigurationProblem] {
        try AgentConfiguration.parse(text).problemsOfSurroundings()
    }

    private static func ofReference(_ reference: String) throws -> [ConfigurationProblem] {
        try problems(
            "models:\n  - {name: a, task: regression}\n"
                + "  - {name: fraud, task: binary, positive: \"yes\", reference: {\(reference)}}")
    }

    private static func table(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "check-\(UUID().uuidString).csv").path()
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test func aTableThatIsNotThere() throws {
        let problem = try #require(try Self.ofReference("file: /nowhere/train.csv").first)
        #expect(problem.keyPath == "models[1].reference.file")
        #expect(problem.message.contains("/nowhere/train.csv"))
    }

    @Test(arguments: [
        ("", "is empty"), ("a,b\n", "has a header and no rows"), ("a,a\n1,2\n", "names \"a\" twice"),
        ("a;b\n1;2\n", "semicolons"), ("a,b\n1\n", "1 cells"),
    ])
    func aTableThatCannotBeRead(_ text: String, _ message: String) throws {
        let path = try Self.table(text)
        defer { RealData.remove(path) }
        let problems = try Self.ofReference("file: \(path)")
        #expect(problems.map(\.keyPath) == ["models[1].reference.file"])
        #expect(problems.first?.message.contains(message) == true, "\(problems)")
    }

    @Test func aTableWithoutAColumn() throws {
        let path = try Self.table("amount,paid,at\n1,yes,2026-01-01\n")
        defer { RealData.remove(path) }
        let problems = try Self.ofReference("file: \(path), target: payd, time: zzz, prediction: paid")
        #expect(problems.map(\.keyPath) == ["models[1].reference.target", "models[1].reference.time"])
        #expect(problems.first?.suggestion == "paid")
        #expect(problems.last?.message.contains("its columns: amount, paid, at") == true)
        #expect(try Self.ofReference("file: \(path), target: paid, time: at").isEmpty)
    }

    @Test func jsonLinesAreATable() throws {
        let path = try Self.table("\n {\"amount\": 1}\n")
        defer { RealData.remove(path) }
        #expect(try Self.ofReference("file: \(path), target: paid").isEmpty)
    }

    @Test func propertiesAreThoseOfTheLibrary() throws {
        let problems = try Self.problems(
            """
            kafka: {properties: {security.protocl: ssl, linger.ms: hunter2, sasl.username: me}}
            models: [{name: a, task: regression}]
            """)
        #expect(problems.map(\.keyPath) == ["kafka.properties.linger.ms", "kafka.properties.security.protocl"])
        #expect(problems.last?.suggestion == "security.protocol")
        #expect(problems.last?.message == "is no property of librdkafka")
        #expect(problems.first?.message.contains("hunter2") == false)
    }

    @Test func theCommandEndsWithTwo() throws {
        let path = try Self.table(
            "kafka: {properties: {security.protocl: ssl}}\nmodels: [{name: a, task: regression}]\n")
        defer { RealData.remove(path) }
        let stop = #expect(throws: CommandStop.self) {
            try CheckConfigCommand.run(path: path, overrides: [], format: .json)
        }
        #expect(stop?.exitCode == 2)
        #expect(throws: Never.self) {
            try CheckConfigCommand.run(path: path, overrides: ["kafka.properties={}"], format: .json)
        }
    }
}
