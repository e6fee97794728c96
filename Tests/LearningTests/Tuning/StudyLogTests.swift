import Testing

@testable import Learning

@Suite struct StudyLogTests {
    private func heading() throws -> StudyLog.Heading {
        StudyLog.Heading(
            metric: "rmse", seed: 3, folds: 5,
            space: try SearchSpace([
                SearchParameter("depth", .integer(low: 1, high: 9)), SearchParameter("learner", .choice(["a", "b"])),
            ]), data: "abc")
    }

    private let trials = [
        Trial(number: 0, state: .complete, values: ["depth": .number(3), "learner": .text("a")], scores: [0.1, 0.25]),
        Trial(number: 1, state: .failed, values: ["depth": .number(4)], scores: [], reason: "no rows"),
    ]

    private func bytes() throws -> [UInt8] {
        try trials.reduce(try StudyLog.line(try heading())) { try $0 + StudyLog.line($1) }
    }

    @Test func comesBackWhole() throws {
        let bytes = try bytes()
        let log = try #require(try StudyLog(bytes))
        #expect(try log.heading == heading() && log.trials == trials && log.intactBytes == bytes.count)
    }

    @Test func anyTornLastLineIsLeftOut() throws {
        let bytes = try bytes()
        let whole = try #require(try StudyLog(bytes))
        let ends = bytes.indices.filter { bytes[$0] == 0x0A }
        for length in 0..<bytes.count {
            let log = try StudyLog(Array(bytes.prefix(length)))
            let lines = ends.count { $0 < length }
            #expect(log?.trials == (lines == 0 ? nil : Array(whole.trials.prefix(lines - 1))))
            #expect((log?.intactBytes ?? 0) == (lines == 0 ? 0 : ends[lines - 1] + 1))
        }
    }

    @Test func damageInTheMiddleIsAnError() throws {
        var bytes = try bytes()
        bytes[try #require(bytes.firstIndex(of: 0x0A)) + 1] = 0x21
        #expect(learningError { _ = try StudyLog(bytes) }?.message.contains("line 2") == true)
    }
}
