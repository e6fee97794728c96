import Events
import Statistics
import Testing
import Windowing

/// What replicas tell each other arrives as it was.
@Suite struct PaneRecordTests {
    /// All outputs of a script: learning panes, counted ones, pairs, labels, segments, samples.
    private func outputs(_ task: ModelTask, isLearning: Bool) -> [PartitionOutput] {
        let script = StreamScript(seed: 5, count: 1_500)
        let catalog = isLearning ? ReferenceCatalog() : StreamScript.catalog()
        let pipeline = StreamScript.pipeline(catalog, settings: StreamScript.settings(task: task))
        var outputs: [PartitionOutput] = []
        for (role, records) in [(StreamRole.predictions, script.predictions), (.outcomes, script.outcomes)] {
            for (offset, record) in records.enumerated() {
                record.value.withUnsafeBytes {
                    _ = pipeline.process(
                        $0, from: role, offset: Int64(offset), recordMicroseconds: record.recordMicroseconds)
                }
            }
            outputs.append(pipeline.closePanes())
        }
        return outputs + [pipeline.closeEverything()]
    }

    @Test(arguments: [ModelTask.binary(positive: "fraud"), .regression], [false, true])
    func anOutputArrivesAsItWas(_ task: ModelTask, _ isLearning: Bool) throws {
        let outputs = outputs(task, isLearning: isLearning)
        #expect(outputs.contains { !$0.driftPanes.isEmpty } && outputs.contains { !$0.performancePanes.isEmpty })
        #expect(outputs.contains { !$0.labelPanes.isEmpty })
        for var output in outputs {
            output.gaps = [
                StreamGap(partition: output.partition, role: .outcomes, fromMicroseconds: .min, toMicroseconds: 17)
            ]
            // Offsets are the reader's own business: training from the log is refused with replicas.
            output.mark = nil
            var rebuilt = PartitionOutput(partition: output.partition, progress: .none)
            for record in output.records {
                #expect(record.partition == output.partition)
                rebuilt.add(try PaneRecord(serialized: record.serialized()))
            }
            #expect(rebuilt == output)
            #expect(Set(output.records.map(\.key)).count == output.records.count, "every record has its own key")
        }
    }

    /// Whatever is cut off is an error and no crash.
    @Test func cutBytesAreAnError() throws {
        let records = outputs(.binary(positive: "fraud"), isLearning: false).flatMap(\.records)
        for record in records.prefix(12) {
            let bytes = record.serialized()
            for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
                #expect(throws: (any Error).self) { try PaneRecord(serialized: Array(bytes.prefix(length))) }
            }
        }
        #expect(throws: (any Error).self) { try PaneRecord(serialized: [9]) }
    }
}
