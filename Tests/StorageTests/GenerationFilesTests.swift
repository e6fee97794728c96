import Foundation
import Testing

@testable import Storage

struct GenerationFilesTests {
    private func load(_ files: GenerationFiles) throws -> (state: GenerationFiles.Loaded?, damage: [String]) {
        var damage: [String] = []
        return (try files.load { damage.append($0) }.first, damage)
    }

    @Test func theNewestIsLoaded() throws {
        let folder = try TemporaryFolder()
        let files = GenerationFiles(path: folder.file("3"))
        #expect(try load(files).state == nil)
        for generation in 1...5 as ClosedRange<Int64> {
            try files.save([UInt8](repeating: UInt8(generation), count: 1_000), generation: generation)
            #expect(
                try load(files).state
                    == .init(generation: generation, bytes: .init(repeating: UInt8(generation), count: 1_000)))
        }
        try files.save([], generation: 6)
        #expect(try load(files).state == .init(generation: 6, bytes: []))
    }

    /// Any flipped byte, and any torn end, of the newer file leads to the older one, and is said.
    @Test func aDamagedFileIsPassedOver() throws {
        let folder = try TemporaryFolder()
        let files = GenerationFiles(path: folder.file("3"))
        try files.save([1, 2, 3], generation: 1)
        try files.save([4, 5, 6], generation: 2)
        let newer = URL(fileURLWithPath: folder.file("3.0"))
        let sound = try Data(contentsOf: newer)
        for place in sound.indices {
            var flipped = sound
            flipped[place] ^= 0x10
            for damaged in [flipped, sound.prefix(place)] {
                try damaged.write(to: newer)
                let found = try load(files)
                #expect(found.state == .init(generation: 1, bytes: [1, 2, 3]))
                #expect(found.damage == ["\(newer.path) is damaged and was passed over"])
            }
        }
    }
}
