"""CPU seconds of one thread that PyTorch takes for an epoch of a perceptron: embeddings of (categories + 1) // 2 numbers, at
most 16; 128 and 64 units, each linear, batch norm, ReLU, dropout; AdamW; batches of 256 by index from tensors in memory.

Usage: perceptron.py <folder> <rows> <numeric columns> <epochs> <categories of each column …>; the folder holds numbers
(float32, column after column), codes (int32, likewise) and labels (float32). Prints "seconds", a tab and the median over the
epochs but the first, and "loss" with the last epoch's.
"""

import sys
import time

import numpy as np
import torch
from torch import nn

folder, rows, numeric, epochs = sys.argv[1], *(int(text) for text in sys.argv[2:5])
categories = [int(text) for text in sys.argv[5:]]
torch.set_num_threads(1)
torch.manual_seed(0)


def load(name, kind, columns):
    return np.ascontiguousarray(np.fromfile(f"{folder}/{name}", kind).reshape(columns, rows).T)


numbers = torch.from_numpy(load("numbers", np.float32, numeric))
numbers = (numbers - numbers.mean(0)) / numbers.std(0)
codes = torch.from_numpy(load("codes", np.int32, len(categories))).long()
labels = torch.from_numpy(load("labels", np.float32, 1)[:, 0].copy())


class Perceptron(nn.Module):
    def __init__(self):
        super().__init__()
        sizes = [min((count + 1) // 2, 16) for count in categories]
        self.embeddings = nn.ModuleList(nn.Embedding(count + 1, size) for count, size in zip(categories, sizes))
        layers, width = [], numeric + sum(sizes)
        for units in (128, 64):
            layers += [nn.Linear(width, units, bias=False), nn.BatchNorm1d(units), nn.ReLU(), nn.Dropout(0.1)]
            width = units
        self.layers = nn.Sequential(*layers, nn.Linear(width, 1))

    def forward(self, x, c):
        embedded = [embedding(c[:, index]) for index, embedding in enumerate(self.embeddings)]
        return self.layers(torch.cat([x, *embedded], 1))[:, 0]


model = Perceptron()
optimizer = torch.optim.AdamW(model.parameters(), lr=0.001, weight_decay=0.0001)
criterion = nn.BCEWithLogitsLoss()
model.train()
seconds = []
for _ in range(epochs):
    start = time.process_time()
    total = 0.0
    for batch in torch.randperm(rows).split(256):
        optimizer.zero_grad()
        loss = criterion(model(numbers[batch], codes[batch]), labels[batch])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
    seconds.append(time.process_time() - start)
print(f"seconds\t{np.median(seconds[1:])}\nloss\t{total / rows}")
