import Foundation
import Learning
import Registry
import Testing

@testable import Agent

/// What a training writes, what it leaves alone, and what is read of it again.
@Suite struct TrainFilesTests {
    private let folder: TrainFolder

    init() throws { folder = try TrainFolder() }

    /// A folder with a file called report.json was taken for a training's, and removed with all that was in it.
    @Test func aFolderWithAnythingElseIsLeftAlone() throws {
        var options = try folder.options(TrainFolder.loans(200))
        options.outputPath = "\(folder.path)/out"
        try train(options)
        try train(options)
        _ = try folder.file("precious", "out/main.py")
        let message = stop { try train(options) }?.message
        #expect(message?.contains("no training's (it has main.py)") == true)
        #expect(try folder.contents("out")["main.py"] == Data("precious".utf8))
        options.outputPath = ""
        #expect(stop { try train(options) }?.message?.contains("--output") == true)
    }

    /// A file without a line end was taken for a history that a crash had torn, and written over.
    @Test(arguments: ["my only note", "a,b\n1,2\n", "{}\n"]) func aFileThatIsNoHistoryIsLeftAlone(text: String) throws {
        var options = try folder.options(TrainFolder.loans(200))
        options.studyPath = try folder.file(text, "note.txt")
        let found = stop { try train(options) }
        #expect(found?.exitCode == 2 && found?.message?.contains("note.txt") == true)
        #expect(try String(contentsOfFile: folder.path + "/note.txt", encoding: .utf8) == text)
        options.studyPath = folder.path
        #expect(stop { try train(options) }?.message?.contains("cannot be read") == true)
    }

    /// The report said from where on to decide, and `predict` decided from 0.5 on.
    @Test func predictionsAreDecidedAtTheThresholdThatWasFound() throws {
        var options = try folder.options(TrainFolder.loans(300))
        options.costs = [0, -1, -20, 0]
        options.model = "loans"
        options.registers = true
        options.stateDirectory = "\(folder.path)/state"
        let threshold = try #require(try train(options).threshold?.threshold)
        #expect(threshold < 0.4)
        var question = PredictOptions(model: "loans@1", dataPath: options.dataPath)
        question.stateDirectory = options.stateDirectory
        question.isQuiet = true
        func positives(_ question: PredictOptions) throws -> [Bool] {
            try PredictCommand.render(question).split(separator: "\n").dropFirst().map { line in
                let cells = line.split(separator: ",")
                let score = try #require(Double(cells[1]))
                #expect((cells[0] == "yes") == (score >= question.threshold ?? threshold))
                return cells[0] == "yes"
            }
        }
        let found = try positives(question)
        question.model = "\(folder.path)/state/training/loans@1"
        #expect(try positives(question) == found)
        question.threshold = 0.5
        #expect(try positives(question) != found)
    }

    /// The next version of a name could answer another question than its champion.
    @Test func aNameKeepsItsTaskAndTarget() throws {
        var options = try folder.options(TrainFolder.loans(300))
        options.model = "loans"
        options.registers = true
        options.stateDirectory = "\(folder.path)/state"
        try train(options)
        let registry = try StateDirectory(path: "\(folder.path)/state").registry
        try registry.promote(model: "loans", version: "1", reason: "test", now: 0)
        for target in ["age", "channel"] {
            options.target = target
            let message = stop { try train(options) }?.message
            #expect(message?.contains("is a classification of \"paid\" and answers another question") == true)
        }
        #expect(try registry.versions(of: "loans").count == 1)
    }
}
