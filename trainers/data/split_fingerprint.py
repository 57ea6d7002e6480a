"""What tells one split of a dataset from every other."""

import hashlib

from trainers.data.image_dataset import ImageDataset


def split_fingerprint(dataset: ImageDataset) -> str:
    """SHA-256 of the items of a split with their labels and attributes, hexadecimal; reads all of them."""
    digest = hashlib.sha256(dataset.split.encode())
    for tensor in (dataset.images, dataset.labels, dataset.attributes):
        if tensor is not None:
            digest.update(f"{tensor.dtype}{tuple(tensor.shape)}".encode())
            digest.update(tensor.contiguous().cpu().numpy().data)
    return digest.hexdigest()
